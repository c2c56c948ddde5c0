using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// A query parameter that an endpoint does not know is refused and not passed over: who misspells a filter would be shown, or
/// cancel, more than was meant.
/// </summary>
public static class UnknownParameters
{
    /// <summary>For an endpoint whose own standard says that what it does not know is passed over (RFC 6749, 3.2).</summary>
    public static RouteHandlerBuilder PassesOverUnknownParameters(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(PassedOver.Instance);

    internal static void UseKnownParameters(this IApplicationBuilder app) => app.Use((context, next) =>
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
        var known = bound.Where(parameter => parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string)
                || parameter.ParameterInfo.ParameterType.IsArray)
            .Select(parameter => parameter.Name).Where(name => route?.GetParameter(name) is null).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var takes = known.Count == 0 ? "takes none" : $"takes {string.Join(", ", known.Order(StringComparer.Ordinal))}";
        var faults = new Faults();
        foreach (var name in query.Keys)
            faults.Require(known.Contains(name), name, "unknown-parameter", $"There is no such query parameter here; this endpoint {takes}.");
        return faults;
    }

    private sealed class PassedOver
    {
        public static PassedOver Instance { get; } = new();
    }
}
