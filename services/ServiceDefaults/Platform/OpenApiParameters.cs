using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace CarbonMarket.ServiceDefaults.Platform;

/// <summary>Parameters that mean the same wherever they are asked for. What an endpoint's own comment says of one goes before.</summary>
internal static class OpenApiParameters
{
    private static readonly FrozenDictionary<string, string> Everywhere = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["market"] = "The market, as its policy pack names it: uk-ets, gansu.",
        ["asOf"] = "The legal time that is asked about, itself included, with its offset (a + is written %2B); left out: now.",
        ["knownAt"] = "What was recorded by this time, itself included, with its offset; left out: all that is recorded.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> OfPages = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["after"] = "The next of the page before; left out: from the beginning.",
        ["limit"] = "Items of the page, 1-500; 100 unless said.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void Describe(OpenApiOperation operation, string? path)
    {
        var parameters = operation.Parameters ??= [];
        // What no handler takes, as the market is taken from the route, is a parameter of the path all the same.
        foreach (var part in RoutePatternFactory.Parse(path ?? string.Empty).Parameters.Where(part => parameters.All(known => known.Name != part.Name)).Reverse())
            parameters.Insert(0, new OpenApiParameter
            {
                Name = part.Name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        var isPaged = OfPages.Keys.All(name => parameters.Any(parameter => parameter.Name == name));
        foreach (var parameter in parameters.OfType<OpenApiParameter>().Where(parameter => parameter is { Name: not null, Description: null }))
            parameter.Description = Everywhere.GetValueOrDefault(parameter.Name!) ?? (isPaged ? OfPages.GetValueOrDefault(parameter.Name!) : null);
    }
}
