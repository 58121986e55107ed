<?php

// php submit.php SERVICE DOCUMENT SOR-ID: submits a CDA document and tells what came of it.

declare(strict_types=1);

require __DIR__ . '/Lpr3Client.php';

[, $service, $file, $sorId] = $argv;
try {
    $answer = (new Lpr3Client($service))->submit([file_get_contents($file)], $sorId, 'Prøvehospitalet');
    echo substr(strrchr($answer->status, ':'), 1), "\n";
    $errors = $answer->RegistryErrorList->RegistryError ?? [];
    foreach (is_array($errors) ? $errors : [$errors] as $error) {
        echo str_replace('|||', ' | ', $error->codeContext), "\n";
    }
} catch (SoapFault $fault) {
    echo "Fault: {$fault->getMessage()}\n";
}
