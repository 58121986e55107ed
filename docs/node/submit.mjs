// node submit.mjs SERVICE DOCUMENT SOR-ID: submits a CDA document and tells what came of it.
import { readFile } from 'node:fs/promises';
import { connect, submit } from './lpr3.mjs';

const [, , service, file, sorId] = process.argv;
try {
  const client = await connect(service);
  const answer = await submit(client, [await readFile(file)], sorId, 'Prøvehospitalet');
  console.log(answer.attributes.status.split(':').pop());
  for (const error of [answer.RegistryErrorList?.RegistryError ?? []].flat()) {
    console.log(error.attributes.codeContext.replaceAll('|||', ' | '));
  }
} catch (error) {
  console.log(`Fault: ${error.message}`);
}
