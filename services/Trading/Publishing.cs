using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using JasperFx.Events;
using MassTransit;
using DayClosed = CarbonMarket.Trading.TradingDays.TradingDayClosed;
using Released = CarbonMarket.Trading.TradingAccounts.WithdrawalReleased;

namespace CarbonMarket.Trading;

/// <summary>What Trading promises the others: its trades without a gap, the ends of its days, what it lets go.</summary>
public sealed class Publishing(PolicyPackCatalog packs, IBus bus, ILogger<Publishing> logger) : IntegrationPublisher(bus, logger)
{
    /// <summary>Most of the journal is orders, of which nobody else is told.</summary>
    public static readonly IReadOnlyList<Type> Promised = [typeof(TradeExecuted), typeof(DayClosed), typeof(Released)];

    private const int TradesPerEnvelope = 500;

    private readonly MarketStreams _markets = new(packs.Markets, Venues.StreamOf);

    protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) => Translate(page, stream => _markets[stream]);

    /// <summary>
    /// Runs of trades fold into envelopes; a day's end closes the run, so it never overtakes the trades it speaks of.
    /// </summary>
    internal static IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page, Func<Guid, string> market)
    {
        var runs = new Dictionary<Guid, List<IEvent>>();
        foreach (var recorded in page)
        {
            var run = runs.TryGetValue(recorded.StreamId, out var begun) ? begun : runs[recorded.StreamId] = [];
            if (recorded.Data is TradeExecuted)
                run.Add(recorded);
            if (run.Count == TradesPerEnvelope || (run.Count > 0 && recorded.Data is DayClosed))
                yield return Envelope(run, market(recorded.StreamId));
            if (recorded.Data is DayClosed closed)
                yield return new Promise(Closed(closed, market(recorded.StreamId)), recorded);
            if (recorded.Data is Released released)
                yield return new Promise(LetGo(released, market(recorded.StreamId)), recorded);
        }
        foreach (var (stream, run) in runs.Where(run => run.Value.Count > 0))
            yield return Envelope(run, market(stream));
    }

    private static Promise Envelope(List<IEvent> run, string market)
    {
        var trades = run.ConvertAll(recorded => (TradeExecuted)recorded.Data);
        var promise = new Promise(
            new TradesExecuted
            {
                Market = market,
                FromSequence = trades[0].Sequence,
                ToSequence = trades[^1].Sequence,
                Trades = trades.ConvertAll(Trade),
            },
            run[0]);
        run.Clear();
        return promise;
    }

    private static TradesExecuted.Trade Trade(TradeExecuted trade) => new()
    {
        Sequence = trade.Sequence,
        TradeId = trade.TradeId,
        Instrument = trade.Instrument,
        BuyerParticipantId = trade.BuyerParticipantId,
        SellerParticipantId = trade.SellerParticipantId,
        Quantity = trade.Quantity.Value,
        PriceMinorPerUnit = trade.Price.MinorPerUnit,
        Mode = trade.Mode switch
        {
            TradeMode.Auction => "auction",
            TradeMode.Call => "call",
            TradeMode.Block => "block",
            TradeMode.FixedPrice => "fixed-price",
            _ => "continuous",
        },
        TradingDay = trade.TradingDay.ToString("O"),
        ExecutedAt = trade.At,
        BuyerFeeMinor = trade.BuyerFee.Minor,
        SellerFeeMinor = trade.SellerFee.Minor,
    };

    private static TradingDayClosed Closed(DayClosed closed, string market) => new()
    {
        Market = market,
        TradingDay = closed.Day.ToString("O"),
        LastTradeSequence = closed.LastTradeSequence,
        Closes =
        [
            .. closed.Closes.Select(close => new TradingDayClosed.Close
            {
                Instrument = close.Instrument,
                PriceMinorPerUnit = close.Price?.MinorPerUnit,
                Volume = close.Volume,
            }),
        ],
        ClosedAt = closed.At,
    };

    private static WithdrawalReleased LetGo(Released released, string market) => new()
    {
        Market = market,
        WithdrawalId = released.WithdrawalId,
        ParticipantId = released.ParticipantId,
        Instrument = released.Instrument,
        Quantity = released.Quantity.Value,
        CashMinor = released.Cash.Minor,
        ReleasedAt = released.At,
    };
}
