using System.Diagnostics;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.EventStore;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// Turns what nobody decided into an honest answer: an unreadable body is the caller's (400), a clash of two writers is
/// 409, a database or engine that is away for a moment is 503 with Retry-After, anything else is our bug (500).
/// </summary>
public sealed class UnhandledFaults(IOptions<JsonOptions> json, ILogger<UnhandledFaults> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, code, detail) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "unreadable-request", Unreadable.WhatAndWhere(bad, EndpointOf(httpContext), json.Value.SerializerOptions)),
            EngineUnavailableException => (503, "engine-unavailable", "The engine is starting or recovering; try again with the same ids."),
            _ when exception.IsClash() => (409, "concurrent-change", "Somebody else changed this at the same moment; read it again and retry."),
            _ when exception.IsOutageOfTheStore() => (503, "store-unavailable", "The store is not reachable for the moment; try again with the same ids."),
            OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested => (499, "cancelled", "The caller went away."),
            _ when exception.IsUnstorableText() => (400, "unreadable-request", "Text has no character U+0000."),
            TimeoutException => (503, "timeout", "The answer took too long; try again with the same ids."),
            _ => (500, "internal-error", "The platform failed at this request; the failure was recorded under the trace id."),
        };
        if (status == 500)
            logger.LogError(exception, "Unhandled failure of {Method} {Path} under trace id {TraceId}",
                httpContext.Request.Method, httpContext.Request.Path, Activity.Current?.Id ?? httpContext.TraceIdentifier);
        else if (status == 503)
        {
            logger.LogWarning("{Code} at {Method} {Path}: {Reason}", code, httpContext.Request.Method, httpContext.Request.Path, exception.Message);
            httpContext.Response.Headers.RetryAfter = "1";
        }
        httpContext.Response.StatusCode = status;
        // Written whatever the caller says it accepts: a failure that cannot be told would be an empty answer.
        await Problem.Of(status, code, detail).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>The handler of failures has taken the endpoint away, and kept it.</summary>
    private static Endpoint? EndpointOf(HttpContext context) => context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
}
