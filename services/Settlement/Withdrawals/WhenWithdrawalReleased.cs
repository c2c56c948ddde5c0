using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using MassTransit;

namespace CarbonMarket.Settlement.Withdrawals;

/// <summary>Trading has let go of units or cash: they leave the trading account.</summary>
public sealed class WhenWithdrawalReleased(Ledgers ledgers) : IConsumer<WithdrawalReleased>
{
    public Task Consume(ConsumeContext<WithdrawalReleased> context)
    {
        var released = context.Message;
        var terms = new WithdrawalTerms(
            released.WithdrawalId, released.ParticipantId, released.Instrument, Quantity.Of(released.Quantity), Money.OfMinor(released.CashMinor));
        return ledgers[released.Market].Record(
            DeterministicGuid.From(released.WithdrawalId, "withdrawal"), new CompleteWithdrawal(terms, released.ReleasedAt),
            context.Provenance(), context.CancellationToken);
    }
}
