// LPR3 over node-soap: documents go as MTOM attachments.
import soap from 'soap';

const AUTHOR = 'urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d'; // XDSSubmissionSet.author
const RIM = 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0';
const LCM = 'urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0';
const OPERATION = 'DocumentRepository_ProvideAndRegisterDocumentSet_bAsync';

const escape = (text) => text.replace(/[&<]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign]);

/** The request as XML; node-soap's own reading of the schema cannot tell which namespace its parts are in. */
function request(count, sorId, name) {
  const xon = escape(`${name}^^^^^&1.2.208.176.1.1&ISO^^^^${sorId}`);
  const documents = Array.from({ length: count }, (_, number) =>
    `<xds:Document id="Document${number}"><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" ` +
    `href="cid:document${number}@node"/></xds:Document>`);
  return `<xds:ProvideAndRegisterDocumentSetRequest xmlns:xds="urn:ihe:iti:xds-b:2007">
    <lcm:SubmitObjectsRequest xmlns:lcm="${LCM}" xmlns="${RIM}"><RegistryObjectList><RegistryPackage id="Set">
      <Classification id="Author" classifiedObject="Set" nodeRepresentation="" classificationScheme="${AUTHOR}">
        <Slot name="authorInstitution"><ValueList><Value>${xon}</Value></ValueList></Slot>
      </Classification></RegistryPackage></RegistryObjectList></lcm:SubmitObjectsRequest>
    ${documents.join('')}</xds:ProvideAndRegisterDocumentSetRequest>`;
}

/** A client of a service, over SOAP 1.2. */
export async function connect(service) {
  return soap.createClientAsync(`${service}?wsdl`, {
    endpoint: service,
    forceSoap12Headers: true,
    normalizeNames: true, // the operation's name has a dash, which no JavaScript name can have
  });
}

/** Submit CDA documents (Buffers or strings); gives the RegistryResponse, throws an error with the fault's sentence. */
export async function submit(client, documents, sorId, name) {
  const attachments = documents.map((document, number) => ({
    mimetype: 'text/xml', contentId: `document${number}@node`, name: `document${number}`, body: Buffer.from(document),
  }));
  const [answer] = await client[OPERATION]({ _xml: request(documents.length, sorId, name) }, { attachments });
  return answer;
}
