using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CarbonMarket.ServiceDefaults.Platform;

public static class OpenApiDescription
{
    private const string Scheme = "oauth2";

    /// <summary>
    /// Title, token scheme, and which operations need a token; the gateway merges the services' documents. A service calls AddOpenApi
    /// itself: what its types and members mean is taken from the comments of the project in which that is called.
    /// </summary>
    public static void Describe(this OpenApiOptions options, string service)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = $"CarbonMarket {service}", Version = "v1" };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Flows = new OpenApiOAuthFlows
                {
                    ClientCredentials = new OpenApiOAuthFlow { TokenUrl = new Uri("/connect/token", UriKind.Relative) },
                },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            TypeWhatIsReadByOurOwn(schema, context.JsonTypeInfo.Type, context.JsonPropertyInfo);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<IAllowAnonymous>().Any())
                return Task.CompletedTask;
            operation.Security ??= [];
            operation.Security.Add(new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [],
            });
            return Task.CompletedTask;
        });
    }

    /// <summary>Of a type with a converter of ours, as text and times have, the exporter knows nothing and would say nothing.</summary>
    private static void TypeWhatIsReadByOurOwn(OpenApiSchema schema, Type type, JsonPropertyInfo? property)
    {
        var given = Nullable.GetUnderlyingType(type);
        if ((given ?? type) == typeof(DateTimeOffset))
            schema.Format = "date-time";
        else if (type != typeof(string))
            return;
        schema.Type ??= JsonSchemaType.String;
        if (given is not null || property is { IsGetNullable: true } or { IsSetNullable: true })
            schema.Type |= JsonSchemaType.Null;
    }
}
