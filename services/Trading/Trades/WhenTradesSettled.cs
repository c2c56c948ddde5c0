using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;
using MassTransit;

namespace CarbonMarket.Trading.Trades;

/// <summary>Settlement's clearing run has come to these trades: their promises end.</summary>
public sealed class WhenTradesSettled(Venues venues) : IConsumer<TradesSettled>
{
    public Task Consume(ConsumeContext<TradesSettled> context) => venues[context.Message.Market].Record(
        context.Message.Outcomes.Select(outcome => (
            DeterministicGuid.From(outcome.TradeId, "outcome"),
            (MarketCommand)new RecordOutcome(
                outcome.TradeId, outcome.TradeSequence, outcome.Settled, outcome.FailureCode, outcome.At))),
        context.Provenance(), context.CancellationToken);
}
