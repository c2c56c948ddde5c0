using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>The languages in which the platform tells people what is wrong: English, and Chinese for whoever accepts it.</summary>
public static class Languages
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    /// <summary>First in the pipeline, so that a failure anywhere below is told in the caller's language too.</summary>
    public static void UseLanguages(this IApplicationBuilder app)
    {
        app.UseRequestLocalization(options =>
        {
            // Only what people read follows the request; numbers and dates keep the one form of the API.
            options.DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, English);
            options.SupportedCultures = [CultureInfo.InvariantCulture];
            options.SupportedUICultures = [English, Chinese];
            options.RequestCultureProviders = [new CustomRequestCultureProvider(Accepted)];
        });
        app.Use((context, next) =>
        {
            var language = CultureInfo.CurrentUICulture.Name;
            // At the last moment: an exception handler clears what was set before it.
            context.Response.OnStarting(() => Declare(context.Response.Headers, language));
            return next(context);
        });
    }

    // ASP.NET Core's own provider looks at three languages only, takes those at q=0, and knows no zh-TW without ICU.
    private static Task<ProviderCultureResult?> Accepted(HttpContext context)
    {
        var language = context.Request.GetTypedHeaders().AcceptLanguage
            .Where(accepted => accepted.Quality is not 0)
            .OrderByDescending(accepted => accepted.Quality ?? 1)
            .Select(accepted => Spoken(accepted.Value))
            .FirstOrDefault(spoken => spoken is not null);
        return Task.FromResult(language is null
            ? null
            : new ProviderCultureResult(CultureInfo.InvariantCulture.Name, language.Name));
    }

    private static CultureInfo? Spoken(StringSegment range) => range.Split(['-']).First().ToString().ToLowerInvariant() switch
    {
        "zh" => Chinese,
        "en" or "*" => English,
        _ => null,
    };

    /// <summary>A problem passed on from a service says its language already.</summary>
    private static Task Declare(IHeaderDictionary headers, string language)
    {
        if (headers.ContentLanguage.Count == 0
            && headers.ContentType.ToString().StartsWith("application/problem+json", StringComparison.OrdinalIgnoreCase))
        {
            headers.ContentLanguage = language;
            headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        }
        return Task.CompletedTask;
    }
}
