using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>Settlement says that units or cash have arrived from outside trading; exactly one of the two is above zero.</summary>
public sealed record FundAccount(
    Guid FundingId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash, DateTimeOffset At) : MarketCommand(At);

public sealed record AccountFunded(
    Guid FundingId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// Money and units that arrive. The ledger has decided already, so there is nothing to refuse; a funding counts once
/// because its id is the command's id, which the engine knows for ever.
/// </summary>
public static class Funding
{
    public static Decision<MarketEvent> Decide(FundAccount command) => Decision<MarketEvent>.Accept(
        new AccountFunded(command.FundingId, command.ParticipantId, command.Instrument, command.Quantity, command.Cash, command.At));

    public static void Evolve(MarketState market, AccountFunded funded)
    {
        var account = market.AccountOf(funded.ParticipantId);
        if (funded.Instrument is { } instrument)
            account.UnitsOf(instrument).Fund(funded.Quantity.Value);
        account.Cash.Fund(funded.Cash.Minor);
    }
}
