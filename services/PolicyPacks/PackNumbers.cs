using System.Text.Json;

namespace CarbonMarket.PolicyPacks;

/// <summary>
/// Numbers beyond 64 bits: nothing of ours is that large, and the schema's library stops at them. So they are asked for
/// before it, and named.
/// </summary>
internal static class PackNumbers
{
    public static IEnumerable<PolicyPackFault> OutOfRange(string file, JsonElement element, string path = "$") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => OutOfRange(file, member.Value, $"{path}.{member.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => OutOfRange(file, item, $"{path}[{index}]")),
        JsonValueKind.Number when !IsInRange(element) =>
            [new PolicyPackFault(file, path, "the number is out of range", $"a number from {long.MinValue} to {long.MaxValue}")],
        _ => [],
    };

    private static bool IsInRange(JsonElement number) => number.TryGetDecimal(out var value) && value is >= long.MinValue and <= long.MaxValue;
}
