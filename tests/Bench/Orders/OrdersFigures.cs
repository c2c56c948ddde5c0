namespace CarbonMarket.Bench.Orders;

/// <param name="EventsPerSecond">Durable: counted by the journal's version.</param>
/// <param name="CopyLimitEventsPerSecond">One connection copying rows of the same size and columns, 1,000 a transaction.</param>
/// <param name="MartenOnePerSave">Events a second of eight workers saving one each.</param>
/// <param name="SingleRowCommitP50Ms">One such row inserted and committed by a prepared statement.</param>
internal sealed record OrdersRound(
    double OrdersPerSecond, double EventsPerSecond, double CopyLimitEventsPerSecond, double RatioToCopy, double MartenOnePerSave,
    double RatioToMarten, double P50Ms, double P99Ms, double OneCallerP50Ms, double SingleRowCommitP50Ms, double RatioOneCaller)
{
    public static OrdersRound Each(Func<Func<OrdersRound, double>, double> figure) => new(
        figure(r => r.OrdersPerSecond), figure(r => r.EventsPerSecond), figure(r => r.CopyLimitEventsPerSecond), figure(r => r.RatioToCopy),
        figure(r => r.MartenOnePerSave), figure(r => r.RatioToMarten), figure(r => r.P50Ms), figure(r => r.P99Ms),
        figure(r => r.OneCallerP50Ms), figure(r => r.SingleRowCommitP50Ms), figure(r => r.RatioOneCaller));

    public OrdersRound Rounded() => Each(figure => figure(this).Rounded());

    public override string ToString() => string.Create(null, $"{OrdersPerSecond:f0} orders/s, {EventsPerSecond:f0} events/s = {RatioToCopy:f2} x COPY, "
        + $"{RatioToMarten:f1} x Marten, p50 {P50Ms:f2} p99 {P99Ms:f2} ms; one caller {OneCallerP50Ms:f3} ms = {RatioOneCaller:f2} x one row");
}

/// <summary>Medians over the rounds, beside them the extremes and every round.</summary>
internal sealed record OrdersFigures(
    double OrdersPerSecond, double EventsPerSecond, double CopyLimitEventsPerSecond, double RatioToCopy, double MartenOnePerSave,
    double RatioToMarten, double P50Ms, double P99Ms, double OneCallerP50Ms, double SingleRowCommitP50Ms, double RatioOneCaller,
    OrdersRound Min, OrdersRound Max, IReadOnlyList<OrdersRound> Rounds)
{
    public static OrdersFigures Of(IReadOnlyList<OrdersRound> rounds)
    {
        var m = OrdersRound.Each(figure => rounds.Select(figure).Median()).Rounded();
        return new(
            m.OrdersPerSecond, m.EventsPerSecond, m.CopyLimitEventsPerSecond, m.RatioToCopy, m.MartenOnePerSave, m.RatioToMarten, m.P50Ms, m.P99Ms,
            m.OneCallerP50Ms, m.SingleRowCommitP50Ms, m.RatioOneCaller,
            OrdersRound.Each(figure => rounds.Min(figure)).Rounded(), OrdersRound.Each(figure => rounds.Max(figure)).Rounded(),
            [.. rounds.Select(round => round.Rounded())]);
    }
}
