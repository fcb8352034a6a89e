// A gateway in Java: the JDK's own server and client, with resilience4j's breaker and retry. Its breaker opens by failure rate over the
// last twenty calls; it marks a refusal by its status alone and tells no events. DEFECT names what is wrong with it; without, it is healthy.

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

public class Gateway {
  static final String DEFECT = System.getenv().getOrDefault("DEFECT", "");
  static final int ATTEMPTS = 3;
  static final Set<String> HOP_BY_HOP =
      Set.of("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "host", "content-length", "expect");

  static final Map<String, String> upstreams = new HashMap<>();
  static final Map<String, CircuitBreaker> breakers = new HashMap<>();
  static final Map<String, byte[]> kept = new ConcurrentHashMap<>();
  static final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(1)).build();

  /** An answer that counts as a failure. */
  static final class Failed extends Exception {
    final HttpResponse<InputStream> answer;

    Failed(HttpResponse<InputStream> answer) {
      this.answer = answer;
    }
  }

  static CircuitBreaker breaker(String name) {
    return CircuitBreaker.of(
        name,
        CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(10)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(5))
            .permittedNumberOfCallsInHalfOpenState(1)
            .build());
  }

  static HttpResponse<InputStream> attempt(HttpExchange exchange, URI target, byte[] body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(Duration.ofSeconds(1))
            .method(exchange.getRequestMethod(), body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange.getRequestHeaders().forEach((name, values) -> {
      if (!HOP_BY_HOP.contains(name.toLowerCase())) values.forEach(value -> request.header(name, value));
    });
    HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    boolean failed = answer.statusCode() >= 500 || (DEFECT.equals("counts-404") && answer.statusCode() == 404);
    if (failed) throw new Failed(answer);
    return answer;
  }

  static HttpResponse<InputStream> call(String name, HttpExchange exchange, URI target, byte[] body) throws Exception {
    boolean mayRepeat = !exchange.getRequestMethod().equals("POST") || exchange.getRequestHeaders().containsKey("Idempotency-Key");
    for (int tried = 1; ; tried++) {
      try {
        HttpResponse<InputStream> answer = breakers.get(name).executeCallable(() -> attempt(exchange, target, body));
        if (answer.statusCode() != 429 || !mayRepeat || tried == ATTEMPTS) return answer;
        long seconds = answer.headers().firstValue("retry-after").map(Long::parseLong).orElse(0L);
        if (seconds > 2 && !DEFECT.equals("ignores-retry-after")) return answer;
        answer.body().readAllBytes();
        if (!DEFECT.equals("ignores-retry-after")) Thread.sleep(seconds * 1000);
      } catch (CallNotPermittedException refused) {
        throw refused;
      } catch (Failed failed) {
        long seconds = failed.answer.headers().firstValue("retry-after").map(Long::parseLong).orElse(0L);
        boolean waitsTooLong = seconds > 2 && !DEFECT.equals("ignores-retry-after");
        if (!mayRepeat || tried == ATTEMPTS || waitsTooLong) throw failed;
        failed.answer.body().readAllBytes();
        if (!DEFECT.equals("ignores-retry-after")) Thread.sleep(seconds * 1000);
      } catch (IOException broken) {
        if (!mayRepeat || tried == ATTEMPTS) throw broken;
      }
      Thread.sleep((long) (100 * (1 << (tried - 1)) * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
    }
  }

  static void forward(HttpExchange exchange) throws IOException {
    String[] parts = exchange.getRequestURI().toString().split("/", 3);
    String name = parts[1];
    if (!upstreams.containsKey(name)) {
      refuse(exchange, 404, "unknown upstream");
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    URI target = URI.create(upstreams.get(name) + "/" + (parts.length > 2 ? parts[2] : ""));
    try {
      pass(exchange, call(name, exchange, target, body));
    } catch (Failed failed) {
      if (!passKept(exchange)) pass(exchange, failed.answer);
    } catch (CallNotPermittedException refused) {
      if (passKept(exchange)) return;
      refuse(exchange, 503, "unavailable");
    } catch (UncheckedIOException broken) {
      throw broken;
    } catch (Exception broken) {
      refuse(exchange, 502, "bad gateway");
    }
  }

  static void pass(HttpExchange exchange, HttpResponse<InputStream> answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    answer.headers().map().forEach((name, values) -> {
      if (!HOP_BY_HOP.contains(name.toLowerCase())) headers.put(name, values);
    });
    long length = answer.headers().firstValueAsLong("content-length").orElse(-1);
    boolean isGood = answer.statusCode() == 200;
    if (DEFECT.equals("anothers-answer") && exchange.getRequestMethod().equals("GET") && isGood) {
      // One answer for each path, whoever asks.
      passWhole(exchange, 200, kept.computeIfAbsent(exchange.getRequestURI().getPath(), path -> readAll(answer.body())));
      return;
    }
    if (DEFECT.equals("buffers-streams") || (DEFECT.equals("stale-unmarked") && isGood)) {
      byte[] whole = readAll(answer.body());
      if (DEFECT.equals("stale-unmarked")) kept.put(exchange.getRequestURI().getPath(), whole);
      passWhole(exchange, answer.statusCode(), whole);
      return;
    }
    boolean isEmpty = length == 0 || answer.statusCode() == 204 || answer.statusCode() == 304 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.statusCode(), isEmpty ? -1 : Math.max(0, length));
    if (isEmpty) {
      answer.body().close();
      exchange.close();
      return;
    }
    byte[] piece = new byte[16 << 10];
    try (InputStream in = answer.body()) {
      OutputStream out = exchange.getResponseBody();
      for (int count; (count = in.read(piece)) >= 0; ) {
        out.write(piece, 0, count);
        out.flush();
      }
      out.close();
    } catch (IOException broken) {
      // An answer that breaks off upstream breaks off here: the exchange is closed without its end.
      throw broken;
    }
  }

  /** An old answer in place of none, and nobody is told. */
  static boolean passKept(HttpExchange exchange) throws IOException {
    byte[] whole = DEFECT.equals("stale-unmarked") ? kept.get(exchange.getRequestURI().getPath()) : null;
    if (whole != null) passWhole(exchange, 200, whole);
    return whole != null;
  }

  static void passWhole(HttpExchange exchange, int status, byte[] whole) throws IOException {
    exchange.sendResponseHeaders(status, whole.length == 0 ? -1 : whole.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(whole);
    }
  }

  /** One that breaks off upstream breaks off here. */
  static byte[] readAll(InputStream in) {
    try (in) {
      return in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  static void refuse(HttpExchange exchange, int status, String message) throws IOException {
    byte[] body = ("{\"message\":\"" + message + "\"}").getBytes();
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  public static void main(String[] args) throws IOException {
    System.getenv().forEach((name, url) -> {
      if (!name.startsWith("UPSTREAM_")) return;
      String upstream = name.substring("UPSTREAM_".length()).toLowerCase();
      upstreams.put(upstream, url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      breakers.put(upstream, breaker(upstream));
    });
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))), 1024);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/healthz", exchange -> refuse(exchange, 200, "ok"));
    server.createContext("/", Gateway::forward);
    server.start();
  }
}
