package example;

import java.net.URI;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A mockregister in a container of the test run. Copy this file; it needs {@code org.testcontainers:testcontainers}.
 *
 * <pre>{@code
 * @Container
 * static final MockregisterContainer SERVER = new MockregisterContainer().withSeed("demo").withClock("2019-06-01T12:00:00+02:00");
 * }</pre>
 */
public final class MockregisterContainer extends GenericContainer<MockregisterContainer> {
    private static final DockerImageName IMAGE = DockerImageName.parse("mockregister");
    private static final int PORT = 8080;
    private static final String SERVICES = "/cda-ws/DocumentRepository_Service/PatientHealthcare";

    /** A container of the image that {@code docker build -t mockregister .} makes; its register is kept in memory. */
    public MockregisterContainer() {
        this(IMAGE);
    }

    /** A container of another image, such as one of your own registry. */
    public MockregisterContainer(DockerImageName image) {
        super(image);
        withExposedPorts(PORT);
        withEnv("MOCKREGISTER_STORE", "memory");
        waitingFor(Wait.forHttp("/readyz").forPort(PORT));
    }

    /** The seed that the register starts with, such as {@code demo}. */
    public MockregisterContainer withSeed(String name) {
        return withEnv("MOCKREGISTER_SEED", name);
    }

    /** The moment, in ISO 8601, at which the register's clock stands still. */
    public MockregisterContainer withClock(String moment) {
        return withEnv("MOCKREGISTER_CLOCK", moment);
    }

    /** The register of a date, such as {@code 2018-09-10}. */
    public MockregisterContainer withEdition(String name) {
        return withEnv("MOCKREGISTER_EDITION", name);
    }

    /** The token that all but the SOAP services and health ask for. */
    public MockregisterContainer withAdminToken(String token) {
        return withEnv("MOCKREGISTER_ADMIN_TOKEN", token);
    }

    /** The server's address, as seen from the tests. */
    public URI url() {
        return URI.create("http://" + getHost() + ":" + getMappedPort(PORT));
    }

    /** The server's address below which one register of that name stands; a test of its own name shares it with no other. */
    public URI register(String name) {
        return URI.create(url() + "/r/" + name);
    }

    /** Where documents are sent that are to be stored, with errors of business rules too. */
    public URI reportingService(String register) {
        return URI.create(register(register) + SERVICES + "ReportingService");
    }

    /** Where documents are sent that are to be stored if nothing is wrong with them. */
    public URI saveIfNoErrorsService(String register) {
        return URI.create(register(register) + SERVICES + "SaveIfNoErrorsReportingService");
    }

    /** Where documents are sent that are only to be validated. */
    public URI validateService(String register) {
        return URI.create(register(register) + SERVICES + "ValidateReportingService");
    }
}
