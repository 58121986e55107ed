<?php

declare(strict_types=1);

/**
 * PHP's SoapClient with MTOM: it sends documents as attachments and reads answers that are packages.
 *
 * SoapClient itself can do neither: LPR3 takes MTOM only, and packages its answers and faults as it takes its requests.
 */
final class Lpr3Client extends SoapClient
{
    /** @var array<string, string> the documents to send, by Content-ID */
    private array $documents = [];

    public function __construct(string $service, array $options = [])
    {
        parent::__construct($service . '?wsdl', $options + ['location' => $service, 'exceptions' => true]);
    }

    /**
     * Submit CDA documents.
     *
     * @param string[] $documents as XML
     * @return object the RegistryResponse: status, and RegistryErrorList where something was found
     * @throws SoapFault with the register's sentence
     */
    public function submit(array $documents, string $sorId, string $name): object
    {
        $this->documents = [];
        $elements = '';
        foreach (array_values($documents) as $number => $document) {
            $id = sprintf('document%02d@php', $number + 1);
            $this->documents[$id] = $document;
            $elements .= "<xds:Document id='Document$number'><xop:Include xmlns:xop='http://www.w3.org/2004/08/xop/include'"
                . " href='cid:$id'/></xds:Document>";
        }
        $xon = htmlspecialchars("$name^^^^^&1.2.208.176.1.1&ISO^^^^$sorId", ENT_XML1);
        $metadata = "<lcm:SubmitObjectsRequest xmlns:lcm='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'"
            . " xmlns='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><RegistryObjectList><RegistryPackage id='Set'>"
            . "<Classification id='Author' classifiedObject='Set' nodeRepresentation=''"
            . " classificationScheme='urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d'>"
            . "<Slot name='authorInstitution'><ValueList><Value>$xon</Value></ValueList></Slot>"
            . '</Classification></RegistryPackage></RegistryObjectList></lcm:SubmitObjectsRequest>';
        $request = "<xds:ProvideAndRegisterDocumentSetRequest xmlns:xds='urn:ihe:iti:xds-b:2007'>$metadata$elements"
            . '</xds:ProvideAndRegisterDocumentSetRequest>';

        return $this->__soapCall(
            'DocumentRepository_ProvideAndRegisterDocumentSet-b',
            [new SoapVar($request, XSD_ANYXML)],
        );
    }

    public function __doRequest(
        string $request,
        string $location,
        string $action,
        int $version,
        bool $oneWay = false,
    ): ?string {
        $type = $version === SOAP_1_2 ? 'application/soap+xml' : 'text/xml';
        $boundary = bin2hex(random_bytes(16));
        $parts = ["Content-Type: application/xop+xml; charset=UTF-8; type=\"$type\"\r\nContent-ID: <root@php>\r\n\r\n$request"];
        foreach ($this->documents as $id => $document) {
            $parts[] = "Content-Type: text/xml\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <$id>\r\n\r\n$document";
        }
        $http = [
            'method' => 'POST',
            'protocol_version' => 1.1,
            'ignore_errors' => true,    // a fault comes with status 500 and is read all the same
            'header' => [
                "Content-Type: multipart/related; type=\"application/xop+xml\"; boundary=\"$boundary\";"
                    . " start=\"<root@php>\"; start-info=\"$type\"",
                "SOAPAction: \"$action\"",
                'Connection: close',
            ],
            'content' => "--$boundary\r\n" . implode("\r\n--$boundary\r\n", $parts) . "\r\n--$boundary--\r\n",
        ];
        $answer = file_get_contents($location, false, stream_context_create(['http' => $http]));
        if ($answer === false) {
            throw new SoapFault('HTTP', "No answer from $location");
        }

        return self::envelope($answer);
    }

    /** The envelope in an answer, which is a package with one part, or nothing but the envelope. */
    private static function envelope(string $answer): string
    {
        if (!str_starts_with(ltrim($answer), '--')) {
            return $answer;
        }
        [$boundary] = explode("\r\n", ltrim($answer), 2);
        $part = explode("\r\n$boundary", ltrim($answer), 2)[0];

        return explode("\r\n\r\n", $part, 2)[1];
    }
}
