using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>
/// Members are written in the order in which jsonb keeps the keys of an object: shorter ones first, those of one length by
/// their bytes. The server sorts them in any case; a tenth of what a row costs it goes into that where it is not done already.
/// </summary>
internal static class JsonbOrder
{
    public static void Apply(JsonSerializerOptions options) =>
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(Order);

    private static void Order(JsonTypeInfo type)
    {
        var place = 0;
        foreach (var member in type.Properties.OrderBy(member => Encoding.UTF8.GetByteCount(member.Name)).ThenBy(member => member.Name, StringComparer.Ordinal))
            member.Order = place++;
    }
}
