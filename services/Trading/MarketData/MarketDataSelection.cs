using System.Collections.Immutable;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Trading.MarketData;

/// <summary>Which instruments and composite quotes, and which channels of them, a consumer asks for; where it names none, all.</summary>
internal sealed record MarketDataSelection(ImmutableArray<Instrument> Instruments, ImmutableArray<MarketDataChannel> Channels)
{
    private const char Between = ',';

    /// <summary>From lists with commas, as queries carry them.</summary>
    public static MarketDataSelection Read(PolicyPack pack, string? instruments, string? channels, Faults faults)
    {
        var named = new List<MarketDataChannel>();
        foreach (var name in Parts(channels))
        {
            if (faults.Require(
                Enum.TryParse<MarketDataChannel>(name, ignoreCase: true, out var channel) && Enum.GetName(channel)!.Equals(name, StringComparison.OrdinalIgnoreCase),
                "channels", "unknown-channel", $"'{name}' is none of {string.Join(", ", Enum.GetNames<MarketDataChannel>().Select(known => known.ToLowerInvariant()))}."))
                named.Add(channel);
        }
        return Of(pack, Parts(instruments), named, faults);
    }

    public static MarketDataSelection Of(
        PolicyPack pack, IReadOnlyCollection<string> instruments, IReadOnlyCollection<MarketDataChannel> channels, Faults faults)
    {
        ImmutableArray<Instrument> quoted = [.. pack.Instruments, .. pack.Composites];
        foreach (var id in instruments)
            faults.Require(quoted.Any(rules => rules.Id == id), "instrument", "unknown-instrument", $"{pack.Market} does not trade {id}.");
        return new MarketDataSelection(
            instruments.Count == 0 ? quoted : [.. quoted.Where(rules => instruments.Contains(rules.Id, StringComparer.Ordinal))],
            channels.Count == 0 ? [.. Enum.GetValues<MarketDataChannel>()] : [.. channels.Distinct().Order()]);
    }

    /// <summary>Mode of the session that each instrument's book is in at a legal time; null: it is shut. Composite quotes have no book.</summary>
    public ImmutableSortedDictionary<string, string?> SessionsAt(PolicyPack pack, DateTimeOffset at) =>
        Instruments.Where(rules => pack.Instrument(rules.Id) is not null).ToImmutableSortedDictionary(
        rules => rules.Id, rules => pack.SessionAt(at, rules)?.Mode, StringComparer.Ordinal);

    private static string[] Parts(string? list) => list?.Split(Between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
