namespace CarbonMarket.Trading.Trades;

/// <summary>The market's newest trades, without a gap; older ones are read from the store.</summary>
public sealed class RecentTrades
{
    public const int Most = 10_000;
    private readonly TradeExecuted?[] _ring = new TradeExecuted?[Most];
    private int _count;

    public long Last { get; private set; }

    /// <summary>Sequence of the oldest trade kept.</summary>
    public long First => Last - _count + 1;

    public void Add(TradeExecuted trade)
    {
        _ring[trade.Sequence % Most] = trade;
        _count = Math.Min(_count + 1, Most);
        Last = trade.Sequence;
    }

    /// <summary>Trades above a sequence, oldest first.</summary>
    public IEnumerable<TradeExecuted> After(long sequence)
    {
        for (var next = Math.Max(Math.Min(sequence, Last) + 1, First); next <= Last; next++)
            yield return _ring[next % Most]!;
    }
}
