using System.Collections.Frozen;

namespace CarbonMarket.ServiceDefaults.Platform;

/// <summary>
/// Which market a journal is of. A market's journal stays when the market is taken out of Policy:Markets; what it still
/// has to say cannot be said without the market's name, and is not skipped: publishing stands and the service is not ready
/// until the market is named again.
/// </summary>
public sealed class MarketStreams(IEnumerable<string> markets, Func<string, Guid> streamOf)
{
    private readonly FrozenDictionary<Guid, string> _markets = markets.ToFrozenDictionary(streamOf);

    public string this[Guid stream] => _markets.TryGetValue(stream, out var market)
        ? market
        : throw new InvalidOperationException(
            $"Journal {stream} is of no market that runs here ({string.Join(", ", _markets.Values.Order(StringComparer.Ordinal))}) "
            + "and has events that are not published. Name its market in Policy:Markets until they are.");
}
