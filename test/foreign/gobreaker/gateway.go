// A gateway in Go: net/http and sony/gobreaker, with the retry around the breaker. It marks a refusal by its status alone and tells no
// events. DEFECT names what is wrong with it; without, it is healthy.
package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"
)

const attempts = 3

var (
	defect    = os.Getenv("DEFECT")
	upstreams = map[string]*url.URL{}
	breakers  = map[string]*gobreaker.CircuitBreaker[*http.Response]{}
	client    = &http.Client{
		Transport: &http.Transport{
			MaxIdleConnsPerHost:   256,
			ResponseHeaderTimeout: headTimeout(),
			DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
			DisableCompression:    true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	errFailed = errors.New("the upstream failed")
	errGone   = errors.New("the client left")
)

func headTimeout() time.Duration {
	if defect == "no-timeout" {
		return 0
	}
	return time.Second
}

func newBreaker(name string) *gobreaker.CircuitBreaker[*http.Response] {
	settings := gobreaker.Settings{
		Name:        name,
		MaxRequests: 1,
		Timeout:     5 * time.Second,
		ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= 5 },
		IsSuccessful: func(err error) bool { return err == nil || errors.Is(err, errGone) },
	}
	switch defect {
	case "never-recovers":
		settings.Timeout = 24 * time.Hour
	case "unlimited-probes":
		settings.MaxRequests = 1_000_000
	}
	return gobreaker.NewCircuitBreaker[*http.Response](settings)
}

// One attempt. A failing answer comes back beside the error, since it is passed on when there is no other.
func attempt(in *http.Request, target string, body []byte) (*http.Response, error) {
	ctx := in.Context()
	if defect == "outlives-its-client" {
		ctx = context.Background()
	}
	out, err := http.NewRequestWithContext(ctx, in.Method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out.Header = in.Header.Clone()
	for _, name := range []string{"Connection", "Keep-Alive", "Te", "Trailer", "Upgrade"} {
		out.Header.Del(name)
	}
	answer, err := client.Do(out)
	if err != nil {
		if in.Context().Err() != nil {
			return nil, errGone
		}
		return nil, err
	}
	if answer.StatusCode >= 500 {
		return answer, errFailed
	}
	return answer, nil
}

func call(name string, in *http.Request, target string, body []byte) (*http.Response, error) {
	mayRepeat := in.Method != http.MethodPost || in.Header.Get("Idempotency-Key") != ""
	for tried := 1; ; tried++ {
		answer, err := breakers[name].Execute(func() (*http.Response, error) { return attempt(in, target, body) })
		isOver := err == nil || errors.Is(err, errGone) || errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests)
		if isOver || !mayRepeat || tried == attempts {
			return answer, err
		}
		pause := time.Duration(float64(100*time.Millisecond) * float64(int(1)<<(tried-1)) * (0.5 + rand.Float64()))
		if answer != nil {
			if seconds, bad := strconv.Atoi(answer.Header.Get("Retry-After")); bad == nil {
				if seconds > 2 {
					return answer, err
				}
				pause += time.Duration(seconds) * time.Second
			}
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
		select {
		case <-time.After(pause):
		case <-in.Context().Done():
			return nil, errGone
		}
	}
}

func forward(out http.ResponseWriter, in *http.Request) {
	name, path, _ := strings.Cut(strings.TrimPrefix(in.RequestURI, "/"), "/")
	base, known := upstreams[name]
	if !known {
		refuse(out, http.StatusNotFound, "unknown upstream")
		return
	}
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return
	}
	answer, err := call(name, in, base.String()+"/"+path, body)
	switch {
	case answer != nil:
		pass(out, answer)
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		refuse(out, http.StatusServiceUnavailable, "unavailable")
	default:
		refuse(out, http.StatusBadGateway, "bad gateway")
	}
}

func pass(out http.ResponseWriter, answer *http.Response) {
	defer answer.Body.Close()
	for name, values := range answer.Header {
		if name != "Connection" && name != "Keep-Alive" && (defect != "cut-bodies-pass" || name != "Content-Length") {
			out.Header()[name] = values
		}
	}
	out.WriteHeader(answer.StatusCode)
	flusher := out.(http.Flusher)
	flusher.Flush()
	// Whoever sends nothing for five seconds has ended.
	idle := time.AfterFunc(5*time.Second, func() { answer.Body.Close() })
	defer idle.Stop()
	piece := make([]byte, 16<<10)
	for {
		count, err := answer.Body.Read(piece)
		idle.Reset(5 * time.Second)
		if count > 0 {
			if _, gone := out.Write(piece[:count]); gone != nil {
				return
			}
			flusher.Flush()
		}
		if err == io.EOF || (err != nil && defect == "cut-bodies-pass") {
			return
		}
		if err != nil {
			// An answer that breaks off upstream breaks off here.
			panic(http.ErrAbortHandler)
		}
	}
}

func refuse(out http.ResponseWriter, status int, message string) {
	out.Header().Set("Content-Type", "application/json")
	out.WriteHeader(status)
	io.WriteString(out, `{"message":"`+message+`"}`)
}

func main() {
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if upstream, is := strings.CutPrefix(name, "UPSTREAM_"); is {
			base, err := url.Parse(strings.TrimSuffix(value, "/"))
			if err != nil {
				panic(err)
			}
			upstream = strings.ToLower(upstream)
			upstreams[upstream] = base
			breakers[upstream] = newBreaker(upstream)
		}
	}
	mux := http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if in.URL.Path == "/healthz" {
			io.WriteString(out, "ok")
			return
		}
		forward(out, in)
	})
	if err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), mux); err != nil {
		panic(err)
	}
}
