using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>Settlement says how many units the registry holds on a trading account.</summary>
/// <param name="Held">All holds together, from then on.</param>
/// <param name="Version">Of the ledger: what is newer counts.</param>
public sealed record NoteHeldUnits(Guid ParticipantId, string Instrument, Quantity Held, long Version, DateTimeOffset At) : MarketCommand(At);

/// <summary>So many units of the account are frozen here because the registry holds them (登记冻结).</summary>
public sealed record HeldUnitsNoted(Guid ParticipantId, string Instrument, Quantity Held, long Version, DateTimeOffset At) : MarketEvent(At);

/// <summary>What the registry holds of one instrument on one account.</summary>
public sealed record RegistryHold(Guid ParticipantId, string Instrument, Quantity Held, long Version);

/// <summary>The newest that Settlement has said of each account and instrument; what came to nothing is kept to know what is older.</summary>
public sealed class RegistryHolds
{
    private readonly SortedDictionary<(Guid ParticipantId, string Instrument), RegistryHold> _holds = new(
        Comparer<(Guid ParticipantId, string Instrument)>.Create((one, other) => one.ParticipantId.CompareTo(other.ParticipantId) is var order && order != 0
            ? order
            : string.CompareOrdinal(one.Instrument, other.Instrument)));

    public IEnumerable<RegistryHold> All => _holds.Values;

    public RegistryHold? Of(Guid participantId, string instrument) => _holds.GetValueOrDefault((participantId, instrument));

    public void Note(RegistryHold hold) => _holds[(hold.ParticipantId, hold.Instrument)] = hold;
}

/// <summary>
/// Units that a court has frozen, that are pledged or that a transaction of the registry has taken up lie on the trading account all
/// the same: they are frozen here too, and what offers them goes, as under a freeze by the authority. Told late or in another
/// order it comes to the same, because each says how many are held and not how many more. What trades have promised is
/// not touched; a trade that needs held units fails in clearing.
/// </summary>
public static class RegistryHolding
{
    public static Decision<MarketEvent> Decide(MarketState market, NoteHeldUnits c)
    {
        var known = market.RegistryHolds.Of(c.ParticipantId, c.Instrument);
        if (known?.Version >= c.Version)
            return Accept();
        var more = c.Held.Value - (known?.Held.Value ?? 0);
        ImmutableArray<MarketEvent> events =
        [
            new HeldUnitsNoted(c.ParticipantId, c.Instrument, c.Held, c.Version, c.At),
            .. more > 0 ? Pulling.Uncovered(market, c.ParticipantId, c.Instrument, more, market.Effective(c.At)) : [],
        ];
        return Accept(events);
    }

    public static void Evolve(MarketState market, HeldUnitsNoted e)
    {
        var units = market.AccountOf(e.ParticipantId).UnitsOf(e.Instrument);
        if (market.RegistryHolds.Of(e.ParticipantId, e.Instrument) is { } known)
            units.Unfreeze(known.Held.Value);
        units.Freeze(e.Held.Value);
        market.RegistryHolds.Note(new RegistryHold(e.ParticipantId, e.Instrument, e.Held, e.Version));
    }
}
