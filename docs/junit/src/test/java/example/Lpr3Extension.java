package example;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test that has a parameter of type {@link Lpr3} a register of its own, and deletes it when the test is over.
 *
 * <p>The server is the one at {@code MOCKREGISTER_URL}, or at port 8080 of this machine. A test that fails shows what its register
 * was sent and found, and leaves a recording in {@code target/lpr3}, which {@code mockregister replay} sends again.
 */
final class Lpr3Extension implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(Lpr3Extension.class);
    private static final String DEFAULT_URL = "http://localhost:8080";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lpr3.class;
    }

    @Override
    public Lpr3 resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String url = System.getenv().getOrDefault("MOCKREGISTER_URL", DEFAULT_URL);
        return store(context).getOrComputeIfAbsent("register", key -> new Held(new Lpr3(url)), Held.class).register();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws Exception {
        Held held = store(context).get("register", Held.class);
        if (held == null || context.getExecutionException().isEmpty()) {
            return;
        }
        Path recording = Path.of("target", "lpr3", context.getRequiredTestClass().getSimpleName() + "."
            + context.getRequiredTestMethod().getName() + ".har");
        Files.createDirectories(recording.getParent());
        Files.writeString(recording, held.register().admin("GET", "requests/har", ""));
        System.err.println(context.getDisplayName() + " failed; its register was sent (all of it is in " + recording + "):");
        System.err.println(held.register().admin("GET", "requests?limit=5", ""));
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    /** A register that JUnit deletes with the test that it belongs to. */
    private record Held(Lpr3 register) implements CloseableResource {
        @Override
        public void close() throws Exception {
            register.close();
        }
    }
}
