package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before all that is answered: lets in those that may ask, says what browsers may do with
 * the answers, and sees to it that each request ends.
 *
 * <p>Neither the token nor what a client gave for it is ever written: a redirect leaves it out, and
 * log lines name the client alone.
 */
final class Guard extends Handler.Wrapper {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "DELETE");
  private static final String LOGIN = "/login";
  private static final String TOKEN = "token";
  private static final int MOST_OF_A_FORM = 4096;

  private final Connections connections;
  private final HttpCounters counters;
  private final InstantSource clock;
  private final Consumer<Event> events;
  private final Predicate<String> open;
  private volatile Rules rules;

  /** What a configuration says of who may ask. */
  private record Rules(Origins origins, Credentials credentials, boolean certified) {
    static Rules of(HttpSettings settings) {
      return new Rules(
          new Origins(settings.hosts()),
          settings.token() == null ? null : new Credentials(settings.token()),
          settings.asksForCertificates());
    }
  }

  /**
   * A guard.
   *
   * @param events are told what is refused
   * @param open the paths that are answered to all
   * @param next what is answered to those that are let in
   */
  Guard(
      HttpSettings settings,
      Connections connections,
      HttpCounters counters,
      InstantSource clock,
      Consumer<Event> events,
      Predicate<String> open,
      Handler next) {
    super(next);
    this.connections = connections;
    this.counters = counters;
    this.clock = clock;
    this.events = events;
    this.open = open;
    change(settings);
  }

  /** From now on these count: tokens, names, certificates. */
  void change(HttpSettings settings) {
    rules = Rules.of(settings);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    counters.requests.increment();
    connections.asks(request);
    Request.addCompletionListener(
        request,
        failure -> {
          connections.answered(request);
          if (failure != null) {
            counters.broken.increment();
          }
        });
    Headers.protect(response);
    Callback ending = new Ending(request, response, callback);
    try {
      if (!refuses(request, response, ending)) {
        if (!super.handle(request, response, ending)) {
          Reply.text(response, ending, HttpStatus.NOT_FOUND_404, "there is nothing at this path");
        }
      }
    } catch (Exception e) {
      ending.failed(e);
    }
    return true;
  }

  /** Whether a request has been answered here, and goes no further. */
  private boolean refuses(Request request, Response response, Callback callback) {
    Rules now = rules;
    String path = request.getHttpURI().getCanonicalPath();
    if (!METHODS.contains(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, POST, DELETE");
      refuse(
          request,
          response,
          callback,
          counters.badMethod,
          405,
          "expected GET, HEAD, POST or DELETE");
    } else if (!now.origins.isOwn(Request.getServerName(request))) {
      refuse(
          request,
          response,
          callback,
          counters.badHost,
          HttpStatus.MISDIRECTED_REQUEST_421,
          "this is not a name of this machine that 'http.hosts' in the configuration lists");
    } else if (Origins.isCrossSite(request)) {
      refuse(
          request,
          response,
          callback,
          counters.crossSite,
          HttpStatus.FORBIDDEN_403,
          "a page of another site may not ask");
    } else if (open.test(path)) {
      return false;
    } else if (now.credentials != null && path.equals(LOGIN)) {
      login(now.credentials, request, response, callback);
    } else if (isLetIn(now, request)) {
      return false;
    } else if (now.credentials != null && tokenInQuery(request) != null) {
      enter(now.credentials, tokenInQuery(request), request, response, callback);
    } else {
      turnAway(request, response, callback);
    }
    return true;
  }

  private boolean isLetIn(Rules now, Request request) {
    if (now.credentials == null && !now.certified) {
      return true;
    }
    if (now.certified && ClientName.isCertified(request)) {
      return true;
    }
    if (now.credentials == null) {
      return false;
    }
    String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (given != null && given.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return now.credentials.isToken(given.substring(7).strip());
    }
    return tokenInQuery(request) == null
        && Request.getCookies(request).stream()
            .anyMatch(
                cookie ->
                    cookie.getName().equals(cookieName(request))
                        && now.credentials.isSession(cookie.getValue(), clock.millis()));
  }

  /** Browsers keep cookies by host, whatever the port. */
  private static String cookieName(Request request) {
    return "aeiou-" + Request.getServerPort(request);
  }

  private static String tokenInQuery(Request request) {
    String query = request.getHttpURI().getQuery();
    if (query == null || !query.contains(TOKEN) || !request.getMethod().equals("GET")) {
      return null;
    }
    return Request.extractQueryParameters(request).getValue(TOKEN);
  }

  private void login(
      Credentials credentials, Request request, Response response, Callback callback) {
    if (!request.getMethod().equals("POST")) {
      LoginPage.show(request, response, callback, HttpStatus.OK_200);
      return;
    }
    Body.read(
        request,
        response,
        callback,
        MOST_OF_A_FORM,
        octets -> {
          Fields form = new Fields();
          UrlEncoded.decodeTo(new String(octets, UTF_8), form::add, UTF_8);
          String given = form.getValue(TOKEN);
          enter(credentials, given == null ? "" : given.strip(), request, response, callback);
        });
  }

  /** Lets a browser in for as long as a session lasts, if it has the token. */
  private void enter(
      Credentials credentials,
      String given,
      Request request,
      Response response,
      Callback callback) {
    if (!credentials.isToken(given)) {
      counters.wrongToken.increment();
      tell(request, HttpStatus.UNAUTHORIZED_401, "the token is wrong");
      LoginPage.show(request, response, callback, HttpStatus.UNAUTHORIZED_401);
      return;
    }
    counters.logins.increment();
    boolean encrypted =
        request.isSecure() || "https".equals(request.getHeaders().get("X-Forwarded-Proto"));
    Response.putCookie(
        response,
        HttpCookie.build(cookieName(request), credentials.session(clock.millis()))
            .path("/")
            .httpOnly(true)
            .secure(encrypted)
            .sameSite(HttpCookie.SameSite.STRICT)
            .maxAge(Credentials.SESSION.toSeconds())
            .build());
    String path = request.getHttpURI().getCanonicalPath();
    response.setStatus(HttpStatus.SEE_OTHER_303);
    response
        .getHeaders()
        .put(HttpHeader.LOCATION, path.equals(LOGIN) ? "/" : request.getHttpURI().getPath());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    response.write(true, null, callback);
  }

  private void turnAway(Request request, Response response, Callback callback) {
    if (request.getHeaders().contains(HttpHeader.AUTHORIZATION)) {
      counters.wrongToken.increment();
      tell(request, HttpStatus.UNAUTHORIZED_401, "the token is wrong");
    } else {
      counters.noToken.increment();
    }
    response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"aeiou\"");
    LoginPage.show(request, response, callback, HttpStatus.UNAUTHORIZED_401);
  }

  private void refuse(
      Request request,
      Response response,
      Callback callback,
      LongAdder counter,
      int status,
      String why) {
    counter.increment();
    tell(request, status, why);
    Reply.text(response, callback, status, why);
  }

  /** The query is left out: a token may be in it. */
  private void tell(Request request, int status, String why) {
    String path = request.getHttpURI().getCanonicalPath();
    events.accept(
        Events.http(Request.getRemoteAddr(request), status, request.getMethod() + " " + path, why));
  }

  /** What a handler did not answer is answered here, and what it threw goes no further. */
  private final class Ending implements Callback {
    private final Request request;
    private final Response response;
    private final Callback callback;

    Ending(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    @Override
    public void succeeded() {
      callback.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      if (response.isCommitted()) {
        // The client sees the connection end in the middle, as it must.
        callback.failed(cause);
        return;
      }
      if (cause instanceof HttpException wrong && wrong.getCode() < 500) {
        answer(counters.unreadable, wrong.getCode(), HttpStatus.getMessage(wrong.getCode()));
        return;
      }
      LOG.error("{}: could not be answered", request.getHttpURI().getCanonicalPath(), cause);
      answer(
          counters.faults, HttpStatus.INTERNAL_SERVER_ERROR_500, "the daemon failed; see its log");
    }

    private void answer(LongAdder counter, int status, String line) {
      counter.increment();
      response.reset();
      Headers.protect(response);
      Reply.text(response, callback, status, line);
    }
  }
}
