namespace CarbonMarket.Gateway.Protection;

/// <summary>What a browser is told about every answer. Only the documentation page runs scripts, and only its own.</summary>
public static class SecurityHeaders
{
    private const string ForApi = "default-src 'none'; frame-ancestors 'none'";
    private const string ForDocs =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app, PathString docs) => app.Use((context, next) =>
    {
        var policy = context.Request.Path.StartsWithSegments(docs, StringComparison.OrdinalIgnoreCase) ? ForDocs : ForApi;
        // At the last moment: an answer that is begun anew, as for a body that is too large, loses what was set before.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers.ContentSecurityPolicy = policy;
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
