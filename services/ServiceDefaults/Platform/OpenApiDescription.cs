using System.Collections.Immutable;
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
        options.AddSchemaTransformer(async (schema, context, cancellationToken) =>
        {
            TypeWhatIsReadByOurOwn(schema, context.JsonTypeInfo.Type, context.JsonPropertyInfo);
            OpenApiProblems.Describe(schema, context.JsonTypeInfo.Type, context.JsonPropertyInfo);
            if (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is { } given)
                await DescribeWhatMayBeMissing(schema, given, type => context.GetOrCreateSchemaAsync(type, null, cancellationToken));
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            OpenApiParameters.Describe(operation, context.Description.RelativePath);
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

    /// <summary>
    /// Into a struct that may be null, as an array or a block of units is, the exporter looks without asking anybody: neither for types nor for
    /// what they mean.
    /// </summary>
    private static async Task DescribeWhatMayBeMissing(OpenApiSchema schema, Type given, Func<Type, Task<OpenApiSchema>> describe)
    {
        if (given.IsGenericType && given.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            schema.Items = await describe(given.GenericTypeArguments[0]);
        else if (schema.Properties is { Count: > 0 })
            schema.Properties = (await describe(given)).Properties;
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
