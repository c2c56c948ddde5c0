namespace CarbonMarket.Bench.Clearing;

/// <param name="PostingsPerSecond">Four of each trade: units and cash, off one account and onto another.</param>
/// <param name="LimitPostingsPerSecond">One connection copying the same postings, one net update for each touched balance, 1,000 trades a transaction.</param>
/// <param name="OnePerCommitTradesPerSecond">Sixteen clients, a transaction for each trade.</param>
/// <param name="HotTradesPerSecond">A tenth of the accounts make all of the trades.</param>
/// <param name="BoundTradesPerSecond">Trades bound when Trading tells of them, before the clearing run.</param>
internal sealed record SettlementRound(
    double TradesPerSecond, double PostingsPerSecond, double LimitPostingsPerSecond, double RatioToLimit, double OnePerCommitTradesPerSecond,
    double RatioToOnePerCommit, double HotTradesPerSecond, double HotRatio, double BoundTradesPerSecond)
{
    public static SettlementRound Each(Func<Func<SettlementRound, double>, double> figure) => new(
        figure(r => r.TradesPerSecond), figure(r => r.PostingsPerSecond), figure(r => r.LimitPostingsPerSecond), figure(r => r.RatioToLimit),
        figure(r => r.OnePerCommitTradesPerSecond), figure(r => r.RatioToOnePerCommit), figure(r => r.HotTradesPerSecond), figure(r => r.HotRatio),
        figure(r => r.BoundTradesPerSecond));

    public SettlementRound Rounded() => Each(figure => figure(this).Rounded());

    public override string ToString() => string.Create(null, $"{TradesPerSecond:f0} trades/s = {RatioToLimit:f2} x COPY ({LimitPostingsPerSecond:f0} postings/s), "
        + $"{RatioToOnePerCommit:f1} x one per commit, hot {HotRatio:f2}; {BoundTradesPerSecond:f0} bound/s");
}

/// <summary>Of one number of accounts: medians over the rounds, beside them the extremes and every round.</summary>
internal sealed record AccountsFigures(int Accounts, SettlementRound Median, SettlementRound Min, SettlementRound Max, IReadOnlyList<SettlementRound> Rounds)
{
    public static AccountsFigures Of(int accounts, IReadOnlyList<SettlementRound> rounds) => new(
        accounts,
        SettlementRound.Each(figure => rounds.Select(figure).Median()).Rounded(),
        SettlementRound.Each(figure => rounds.Min(figure)).Rounded(),
        SettlementRound.Each(figure => rounds.Max(figure)).Rounded(),
        [.. rounds.Select(round => round.Rounded())]);
}

/// <summary>Medians of the first number of accounts (10,000 where there are so many), then each number by itself.</summary>
/// <param name="Deadlocks">In the whole database, all rounds and limits together.</param>
internal sealed record SettlementFigures(
    double TradesPerSecond, double PostingsPerSecond, double LimitPostingsPerSecond, double RatioToLimit, double OnePerCommitTradesPerSecond,
    double RatioToOnePerCommit, double HotTradesPerSecond, double HotRatio, double BoundTradesPerSecond, long Deadlocks, IReadOnlyList<AccountsFigures> ByAccounts)
{
    public static SettlementFigures Of(IReadOnlyList<(int Accounts, List<SettlementRound> Rounds)> measured, long deadlocks)
    {
        var figures = measured.Select(each => AccountsFigures.Of(each.Accounts, each.Rounds)).ToList();
        var m = figures[0].Median;
        return new(m.TradesPerSecond, m.PostingsPerSecond, m.LimitPostingsPerSecond, m.RatioToLimit, m.OnePerCommitTradesPerSecond, m.RatioToOnePerCommit,
            m.HotTradesPerSecond, m.HotRatio, m.BoundTradesPerSecond, deadlocks, figures);
    }
}
