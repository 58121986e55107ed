package example;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;

/** One register of a running mockregister: a namespace of its own, so that test classes can run in parallel. */
final class Lpr3 implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String server;
    private final String name = "junit-" + UUID.randomUUID();

    Lpr3(String server) {
        this.server = server;
    }

    /** Where the system under test sends to. */
    URI service(String service) {
        return URI.create(server + "/r/" + name + "/cda-ws/DocumentRepository_Service/" + service);
    }

    /** A call to the controls; gives the JSON of the answer. */
    String admin(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/r/" + name + "/__admin/" + path))
            .method(method, BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    /** How many exchanges fit, for example {@code "patient=2512489996&status=success"}. */
    int count(String query) throws IOException, InterruptedException {
        return Integer.parseInt(admin("GET", "requests/count?" + query, "").replaceAll("\\D", ""));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        admin("DELETE", "registers/" + name, "");
    }
}
