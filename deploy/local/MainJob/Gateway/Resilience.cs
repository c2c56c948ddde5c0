using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace CarbonMarket.MainJob.Gateway;

/// <summary>How often and how long a request is tried again.</summary>
/// <param name="FirstPause">Doubles at each retry up to <paramref name="LongestPause"/>, with jitter.</param>
/// <param name="Patience">After this long a request is given up, however often it was tried.</param>
/// <param name="PerAttempt">An attempt without an answer for this long counts as lost.</param>
public sealed record RetryLimits(TimeSpan FirstPause, TimeSpan LongestPause, TimeSpan Patience, TimeSpan PerAttempt)
{
    /// <summary>A killed service, broker or database is back within ten to twenty seconds; this waits several times that.</summary>
    public static RetryLimits Default { get; } = new(
        TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(20));
}

/// <summary>
/// Every write of the job may be sent again, because its id says what it is. So a lost connection, an answer that never
/// came, 502, 503, 504 and 429 are tried again; every other answer is the platform's word and is final.
/// </summary>
public static class Resilience
{
    public static ServiceProvider HttpClients(Uri gateway, RetryLimits limits)
    {
        var services = new ServiceCollection();
        var requests = services.AddHttpClient(nameof(MarketClient), client =>
            {
                client.BaseAddress = gateway;
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                MaxConnectionsPerServer = 32,
                ConnectTimeout = TimeSpan.FromSeconds(5),
            });
        requests.AddResilienceHandler("retry", pipeline => Configure(pipeline, limits));
        requests.AddHttpMessageHandler(() => new WholeAnswers());
        return services.BuildServiceProvider();
    }

    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, RetryLimits limits) =>
        pipeline
            .AddTimeout(limits.Patience)
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = limits.FirstPause,
                MaxDelay = limits.LongestPause,
                UseJitter = true,
                // Retry-After speaks in whole seconds; most services are back sooner.
                ShouldRetryAfterHeader = false,
                ShouldHandle = outcome => ValueTask.FromResult(IsWorthRetrying(outcome.Outcome)),
            })
            .AddTimeout(limits.PerAttempt);

    private static bool IsWorthRetrying(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException or IOException
        || outcome.Result?.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests;

    /// <summary>An answer that breaks off is none: it is read to its end where it can still be asked for again.</summary>
    private sealed class WholeAnswers : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}
