using System.Globalization;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using MassTransit;

namespace CarbonMarket.Settlement.Clearing;

/// <summary>The day is over: it is cleared, at once if every trade is here, otherwise when the last arrives.</summary>
public sealed class WhenTradingDayClosed(Ledgers ledgers) : IConsumer<TradingDayClosed>
{
    public async Task Consume(ConsumeContext<TradingDayClosed> context)
    {
        var (day, ledger) = (context.Message, ledgers[context.Message.Market]);
        var command = new CloseTradingDay(
            DateOnly.ParseExact(day.TradingDay, "O", CultureInfo.InvariantCulture), day.LastTradeSequence, day.ClosedAt);
        await ledger.Record(
            DeterministicGuid.From($"{Ledgers.Service}:{day.Market}:day-closed:{day.TradingDay}"), command, context.Provenance(), context.CancellationToken);
        await LedgerDuties.GoOn(ledger, command.At, context.CancellationToken);
    }
}
