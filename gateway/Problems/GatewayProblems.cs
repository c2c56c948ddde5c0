using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Gateway.Problems;

/// <summary>
/// What the gateway itself refuses, as a problem (RFC 9457) with a stable code. A service's own answer passes untouched.
/// </summary>
public static class GatewayProblems
{
    public static void UseGatewayProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Write,
            StatusCodeSelector = exception => exception is BadHttpRequestException bad
                ? bad.StatusCode
                : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages(context => Write(context.HttpContext));
    }

    private static Task Write(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var (code, detail) = Describe(status, context);
        if (status is StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout)
            context.Response.Headers.RetryAfter = "1";
        return Problem.Of(status, code, detail).ExecuteAsync(context);
    }

    private static (string Code, string Detail) Describe(int status, HttpContext context) => status switch
    {
        StatusCodes.Status401Unauthorized => ("unauthenticated", "A valid access token is needed: POST /connect/token, then Authorization: Bearer."),
        StatusCodes.Status403Forbidden => ("forbidden", "The token's roles do not allow this."),
        StatusCodes.Status404NotFound => ("unknown-path", $"Nothing answers at {context.Request.Path}."),
        StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", $"{context.Request.Path} does not take {context.Request.Method}."),
        StatusCodes.Status413PayloadTooLarge => ("body-too-large", "The body is larger than the gateway takes; send smaller batches."),
        StatusCodes.Status429TooManyRequests => ("too-many-requests", "The client's request rate is used up; wait as Retry-After says."),
        StatusCodes.Status502BadGateway => ("service-unreachable", "The service did not answer; try again with the same ids."),
        StatusCodes.Status503ServiceUnavailable => ("service-unavailable", "No instance of the service takes work for the moment; try again with the same ids."),
        StatusCodes.Status504GatewayTimeout => ("service-timeout", "The service took too long; it may have acted, so try again with the same ids."),
        >= 500 => ("internal-error", "The gateway failed at this request; the failure was recorded under the request id."),
        _ => ($"http-{status}", "The request cannot be served."),
    };
}
