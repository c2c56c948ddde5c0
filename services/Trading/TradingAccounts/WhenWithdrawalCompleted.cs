using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;
using MassTransit;
using Completed = CarbonMarket.Contracts.Settlement.V1.WithdrawalCompleted;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>Settlement has moved what was let go: it is off the account.</summary>
public sealed class WhenWithdrawalCompleted(Venues venues) : IConsumer<Completed>
{
    public Task Consume(ConsumeContext<Completed> context) => venues[context.Message.Market].Record(
        [(
            DeterministicGuid.From(context.Message.WithdrawalId, "completed"),
            new CompleteWithdrawal(context.Message.WithdrawalId, context.Message.ParticipantId, context.Message.At)
        )],
        context.Provenance(), context.CancellationToken);
}
