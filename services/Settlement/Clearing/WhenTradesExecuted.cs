using System.Globalization;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using MassTransit;

namespace CarbonMarket.Settlement.Clearing;

/// <summary>Trades were made: both sides are bound, and a closed day that only waited for them is cleared.</summary>
public sealed class WhenTradesExecuted(Ledgers ledgers) : IConsumer<TradesExecuted>
{
    public async Task Consume(ConsumeContext<TradesExecuted> context)
    {
        var (envelope, ledger) = (context.Message, ledgers[context.Message.Market]);
        if (envelope.Trades.Count == 0)
            return;
        var command = new LockTrades([.. envelope.Trades.Select(Trade)], envelope.Trades[^1].ExecutedAt);
        await ledger.Record(IdOf(envelope), command, context.Provenance(), context.CancellationToken);
        await LedgerDuties.GoOn(ledger, command.At, context.CancellationToken);
    }

    /// <summary>An envelope that is cut otherwise when it is published again is another command; its trades are known by their sequence.</summary>
    private static Guid IdOf(TradesExecuted envelope) => DeterministicGuid.From(
        envelope.Trades[0].TradeId, $"trades:{envelope.Market}:{envelope.FromSequence}-{envelope.ToSequence}");

    private static ExecutedTrade Trade(TradesExecuted.Trade trade) => new(
        trade.Sequence, trade.TradeId, trade.Instrument, trade.BuyerParticipantId, trade.SellerParticipantId,
        Quantity.Of(trade.Quantity), Price.OfMinor(trade.PriceMinorPerUnit),
        DateOnly.ParseExact(trade.TradingDay, "O", CultureInfo.InvariantCulture), trade.ExecutedAt)
    {
        BuyerFee = Money.OfMinor(trade.BuyerFeeMinor),
        SellerFee = Money.OfMinor(trade.SellerFeeMinor),
    };
}
