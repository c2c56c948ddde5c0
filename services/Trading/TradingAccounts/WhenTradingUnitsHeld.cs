using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;
using MassTransit;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>The registry holds other units on trading accounts than before: as many are frozen here.</summary>
public sealed class WhenTradingUnitsHeld(Venues venues) : IConsumer<TradingUnitsHeld>
{
    public Task Consume(ConsumeContext<TradingUnitsHeld> context) => venues[context.Message.Market].Record(
        context.Message.Holds.Select(hold => (
            DeterministicGuid.From(hold.ParticipantId, $"held:{context.Message.Market}:{hold.Instrument}", hold.Version),
            (MarketCommand)new NoteHeldUnits(hold.ParticipantId, hold.Instrument, Quantity.Of(hold.Quantity), hold.Version, hold.At))),
        context.Provenance(), context.CancellationToken);
}
