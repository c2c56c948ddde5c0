using System.Globalization;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;
using MassTransit;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>Units or cash have arrived on trading accounts: the mirror takes them, each once.</summary>
public sealed class WhenTradingAccountsFunded(Venues venues) : IConsumer<TradingAccountsFunded>
{
    public Task Consume(ConsumeContext<TradingAccountsFunded> context) => venues[context.Message.Market].Record(
        context.Message.Fundings.Select(funding => (
            CommandId(funding),
            (MarketCommand)new FundAccount(
                funding.FundingId, funding.ParticipantId, funding.Instrument, Quantity.Of(funding.Quantity),
                Money.OfMinor(funding.CashMinor), funding.At, funding.Number, funding.ForAuction))),
        context.Provenance(), context.CancellationToken);

    /// <summary>Settlement's number tells one funding from another: a payout that is refused and a transfer may have been given one id.</summary>
    private static Guid CommandId(TradingAccountsFunded.Funding funding) => DeterministicGuid.From(
        funding.FundingId, funding.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"funding:{number}") : "funding");
}
