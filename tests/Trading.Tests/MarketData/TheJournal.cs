using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>A market whose commands are journaled in memory, as market data are folded from them.</summary>
internal sealed class TheJournal(MarketModel model)
{
    private MarketState _market = model.Initial();
    private long _version;

    /// <summary>Ann has cash, Bob has units, more than they will need.</summary>
    public static TheJournal Begun(out ImmutableArray<CommittedCommand> beginning)
    {
        var journal = new TheJournal(Model);
        beginning = [journal.Commit([Cash(Ann, 100_000_000), Cash(Bob, 100_000_000), Units(Ann, 100_000), Units(Bob, 100_000), Units(Bob, 100_000, Ruled), Issued(Cem, 1_000)])];
        return journal;
    }

    public CommittedCommand Do(MarketCommand command) =>
        Commit(((Decision<MarketEvent>.Accepted)model.Decide(_market, command)).Events);

    public CommittedCommand Commit(ImmutableArray<MarketEvent> events)
    {
        _market = events.Aggregate(_market, model.Evolve);
        var command = new CommittedCommand(Guid.Empty, _version + 1, [.. events]);
        _version = command.LastVersion;
        return command;
    }
}
