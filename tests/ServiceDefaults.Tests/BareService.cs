using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace CarbonMarket.ServiceDefaults.Tests;

/// <summary>A service that has nothing but the defaults, on a port of its own.</summary>
internal static class BareService
{
    public static WebApplicationBuilder Of(string name, string environment = "Test", params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Identity:Issuer"] = "http://localhost/",
            ["Identity:MetadataAddress"] = "http://localhost/none",
            ["Urls"] = "http://127.0.0.1:0",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults(name);
        return builder;
    }
}
