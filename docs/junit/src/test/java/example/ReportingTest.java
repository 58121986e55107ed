package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a vendor's test looks like; {@code send} stands where the vendor's own module would. */
@ExtendWith(Lpr3Extension.class)
class ReportingTest {
    private static final String SAVE = "PatientHealthcareSaveIfNoErrorsReportingService";
    private static final String ENVELOPE = """
        <soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>\
        <ProvideAndRegisterDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"><Document id="Document01">\
        <xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:document"/></Document>\
        </ProvideAndRegisterDocumentSetRequest></soap:Body></soap:Envelope>""";

    @Test
    void whatIsMalformedIsRefusedAndSeen(Lpr3 lpr3) throws Exception {
        HttpResponse<String> answer = send(lpr3.service(SAVE), "<ClinicalDocument>");
        assertTrue(answer.body().contains("MALFORMED_DOCUMENT_FOUND"), answer.body());
        assertEquals(1, lpr3.count("code=MALFORMED_DOCUMENT_FOUND&status=failure"));
    }

    @Test
    void anUnavailableRegisterAnswersWithAPage(Lpr3 lpr3) throws Exception {
        lpr3.admin("POST", "faults", "{\"fault\": {\"type\": \"http_status\", \"status\": 503}, \"times\": 1}");
        assertEquals(503, send(lpr3.service(SAVE), "<x/>").statusCode());
        assertEquals(200, send(lpr3.service(SAVE), "<x/>").statusCode());
    }

    @Test
    void theClockStandsWhereItIsPut(Lpr3 lpr3) throws Exception {
        lpr3.admin("PUT", "clock", "{\"mode\": \"frozen\", \"at\": \"2019-06-01T12:00:00+02:00\"}");
        assertTrue(lpr3.admin("GET", "clock", "").contains("2019-06-01T12:00:00+02:00"));
    }

    private static HttpResponse<String> send(URI service, String document) throws Exception {
        String body = "--b\r\nContent-Type: application/xop+xml; type=\"application/soap+xml\"\r\nContent-ID: <root>\r\n\r\n"
            + ENVELOPE + "\r\n--b\r\nContent-Type: text/xml\r\nContent-ID: <document>\r\n\r\n" + document + "\r\n--b--\r\n";
        HttpRequest request = HttpRequest.newBuilder(service).POST(BodyPublishers.ofString(body))
            .header("Content-Type", "multipart/related; type=\"application/xop+xml\"; start=\"<root>\"; boundary=\"b\"")
            .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
