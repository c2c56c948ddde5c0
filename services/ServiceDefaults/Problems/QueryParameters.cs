using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// What a query says is held against what the endpoint takes. A parameter that nobody knows is refused and not passed over: who misspells
/// a filter would be shown, or cancel, more than was meant. And a time has its offset, as in a body.
/// </summary>
public static partial class QueryParameters
{
    /// <summary>For an endpoint whose own standard says that what it does not know is passed over (RFC 6749, 3.2).</summary>
    public static RouteHandlerBuilder PassesOverUnknownParameters(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(PassedOver.Instance);

    internal static void UseQueryParameters(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Request.Query.Count > 0 && context.GetEndpoint() is { } endpoint && Check(endpoint, context.Request.Query) is { Any: true } faults
            ? faults.ToProblem().ExecuteAsync(context)
            : next(context));

    private static Faults? Check(Endpoint endpoint, IQueryCollection query)
    {
        var bound = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>();
        // Of other endpoints than ours, such as gRPC's, nobody can say what they take.
        if (bound.Count == 0 || endpoint.Metadata.GetMetadata<PassedOver>() is not null)
            return null;
        var route = (endpoint as RouteEndpoint)?.RoutePattern;
        var known = bound.Where(parameter => IsRead(parameter) && route?.GetParameter(parameter.Name) is null)
            .ToDictionary(parameter => parameter.Name, TypeOf, StringComparer.OrdinalIgnoreCase);
        var takes = known.Count == 0 ? "takes none" : $"takes {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}";
        var faults = new Faults();
        foreach (var (name, values) in query)
        {
            if (!known.TryGetValue(name, out var type))
                faults.Add(name, "unknown-parameter", $"There is no such query parameter here; this endpoint {takes}.");
            else if (type == typeof(DateTimeOffset))
                faults.Require(values.All(value => string.IsNullOrEmpty(value) || EndsWithOffset().IsMatch(value)), name, "offset-missing",
                    "A time is ISO 8601 with its offset: 2026-03-04T09:30:00+08:00, where the + is written %2B in a query.");
        }
        return faults;
    }

    private static bool IsRead(IParameterBindingMetadata parameter) => parameter.HasTryParse || TypeOf(parameter) == typeof(string) || TypeOf(parameter).IsArray;

    private static Type TypeOf(IParameterBindingMetadata parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;

    [GeneratedRegex(@"(?:[Zz]|[+-]\d\d:\d\d)$", RegexOptions.NonBacktracking)]
    private static partial Regex EndsWithOffset();

    private sealed class PassedOver
    {
        public static PassedOver Instance { get; } = new();
    }
}
