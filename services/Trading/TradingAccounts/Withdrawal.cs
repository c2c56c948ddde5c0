using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>A participant asks for units or cash back; exactly one of the two is above zero.</summary>
public sealed record Withdraw(
    Guid WithdrawalId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => WithdrawalId;
}

/// <summary>Settlement has moved them.</summary>
public sealed record CompleteWithdrawal(Guid WithdrawalId, Guid ParticipantId, DateTimeOffset At) : MarketCommand(At);

public sealed record WithdrawalReleased(
    Guid WithdrawalId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash, DateTimeOffset At) : MarketEvent(At);

public sealed record WithdrawalCompleted(
    Guid WithdrawalId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// The way back to the registry side. Only what is settled and not needed by an order or a pending trade is let go;
/// sale proceeds may buy at once but leave only after clearing (domain rule: same-day use of proceeds).
/// </summary>
public static class Withdrawal
{
    public static Decision<MarketEvent> Decide(MarketState market, Withdraw command, DateTimeOffset at)
    {
        if (market.Withdrawals.TryGetValue(command.WithdrawalId, out var earlier))
            return Repeat(earlier, command);
        if (market.PastWithdrawals.Contains(command.WithdrawalId))
            return Reject("id-reused", $"Withdrawal {command.WithdrawalId} was made and completed; another takes an id of its own.");
        if (command.Quantity.IsZero == command.Cash.IsZero || command.Instrument is null != command.Quantity.IsZero)
            return Reject("withdrawal-of-one-asset", "A withdrawal takes either units of one instrument or cash.");
        market.Accounts.TryGetValue(command.ParticipantId, out var account);
        var (asked, free, code) = command.Instrument is { } instrument
            ? (command.Quantity.Value, account?.Held(instrument)?.Withdrawable ?? 0, "insufficient-units")
            : (command.Cash.Minor, account?.Cash.Withdrawable ?? 0, "insufficient-cash");
        return asked > free
            ? Reject(code, $"{asked} asked, but only {free} is settled and not needed by orders or pending trades.")
            : Accept(new WithdrawalReleased(
                command.WithdrawalId, command.ParticipantId, command.Instrument, command.Quantity, command.Cash, at));
    }

    public static Decision<MarketEvent> Decide(MarketState market, CompleteWithdrawal command) =>
        market.Withdrawals.TryGetValue(command.WithdrawalId, out var released)
            ? Accept(new WithdrawalCompleted(
                released.WithdrawalId, released.ParticipantId, released.Instrument, released.Quantity, released.Cash, command.At))
            : Accept();

    public static void Evolve(MarketState market, WithdrawalReleased released)
    {
        market.Withdrawals.Add(released.WithdrawalId, released);
        var account = market.AccountOf(released.ParticipantId);
        if (released.Instrument is { } instrument)
            account.UnitsOf(instrument).LetGo(released.Quantity.Value);
        account.Cash.LetGo(released.Cash.Minor);
    }

    public static void Evolve(MarketState market, WithdrawalCompleted completed)
    {
        market.Withdrawals.Remove(completed.WithdrawalId);
        market.PastWithdrawals.Add(completed.WithdrawalId);
        var account = market.AccountOf(completed.ParticipantId);
        if (completed.Instrument is { } instrument)
            account.UnitsOf(instrument).Leave(completed.Quantity.Value);
        account.Cash.Leave(completed.Cash.Minor);
    }

    private static Decision<MarketEvent> Repeat(WithdrawalReleased earlier, Withdraw command) =>
        (earlier.ParticipantId, earlier.Instrument, earlier.Quantity, earlier.Cash)
            == (command.ParticipantId, command.Instrument, command.Quantity, command.Cash)
            ? Accept()
            : Reject("id-reused", $"Withdrawal {command.WithdrawalId} exists with other content.");
}
