using Microsoft.AspNetCore.Builder;

namespace CarbonMarket.ServiceDefaults.Tracing;

/// <summary>
/// Every request has an id of its own and a correlation id that may span several; both are passed on, returned, and stored
/// with the events that follow. A caller's own are kept when they are harmless to print, so a service goes on with the
/// gateway's. W3C trace context passes through untouched.
/// </summary>
public static class RequestIds
{
    public const string RequestId = "X-Request-Id";
    public const string CorrelationId = "X-Correlation-Id";
    private const int Longest = 100;

    public static void UseRequestIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var requestId = Kept(context.Request.Headers[RequestId].ToString()) ?? Guid.CreateVersion7().ToString("n");
        var correlationId = Kept(context.Request.Headers[CorrelationId].ToString()) ?? requestId;
        context.Request.Headers[RequestId] = requestId;
        context.Request.Headers[CorrelationId] = correlationId;
        context.TraceIdentifier = requestId;
        // At the last moment: an answer that is begun anew, as for a body that is too large, loses what was set before.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestId] = requestId;
            context.Response.Headers[CorrelationId] = correlationId;
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static string? Kept(string given) =>
        given.Length is > 0 and <= Longest && given.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':')
            ? given
            : null;
}
