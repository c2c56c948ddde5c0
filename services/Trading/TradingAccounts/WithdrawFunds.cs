using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.TradingAccounts;

public static class WithdrawFunds
{
    /// <param name="Instrument">What is withdrawn, with <paramref name="Quantity"/>; null for cash.</param>
    /// <param name="Quantity">Units; they go to the participant's operator-holding account.</param>
    /// <param name="CashMinor">Minor units of the currency; they go to the participant's bank.</param>
    public sealed record NewWithdrawal(string? Instrument = null, long? Quantity = null, long? CashMinor = null);

    /// <summary>Let go by Trading; Settlement moves it next.</summary>
    /// <param name="WithdrawalId">Made by the caller.</param>
    /// <param name="Instrument">What is withdrawn, as the policy pack names it; null: cash.</param>
    /// <param name="Quantity">Units; 0 where cash is withdrawn.</param>
    /// <param name="CashMinor">Minor units of the currency; 0 where units are withdrawn.</param>
    /// <param name="ReleasedAt">Legal time at which Trading let it go.</param>
    public sealed record WithdrawalAnswer(Guid WithdrawalId, string? Instrument, Quantity Quantity, Money CashMinor, DateTimeOffset ReleasedAt);

    public static void Map(RouteGroupBuilder market) => market.MapPut("/withdrawals/{withdrawalId:guid}", Handle)
        .ForTraders()
        .WithTags("Trading accounts")
        .WithName("withdraw")
        .WithSummary("Take units or cash back from trading (出金、划出)")
        .WithDescription(
            "Only what is settled and not needed by orders, bids or pending trades is let go; bought units and sale proceeds leave after "
            + "clearing. 422 insufficient-units, insufficient-cash. 409 command-id-reused, id-reused: the id stands for another withdrawal. A "
            + "refused withdrawal stays refused under its id.")
        .Produces<WithdrawalAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="withdrawalId">Made by the caller; names the withdrawal.</param>
    internal static async Task<IResult> Handle(
        string market, Guid withdrawalId, NewWithdrawal asked, HttpContext context, Venues venues, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(withdrawalId, "withdrawalId");
        if (asked.Instrument is not null || asked.Quantity is not null)
        {
            faults.RequireName(asked.Instrument, "$.instrument");
            faults.RequirePositive(asked.Quantity, "$.quantity");
            faults.Require(asked.CashMinor is null, "$.cashMinor", "one-asset", "Units or cash, not both.");
        }
        else
            faults.RequirePositive(asked.CashMinor, "$.cashMinor");
        if (faults.Any)
            return faults.ToProblem();
        var command = new Withdraw(
            withdrawalId, context.User.ParticipantId(), asked.Instrument, Quantity.Of(asked.Quantity ?? 0),
            Money.OfMinor(asked.CashMinor ?? 0), clock.GetUtcNow());
        var venue = venues[market];
        // A repeat of what is still on its way brings no fact of its own.
        var onItsWay = await venue.Read(state => state.Withdrawals.GetValueOrDefault(withdrawalId), cancellationToken);
        var outcome = await venue.Execute(context.CommandId(withdrawalId), command, context.Provenance(), cancellationToken);
        return outcome.ToHttp(accepted => TypedResults.Ok(
            Answer(accepted.Events.OfType<WithdrawalReleased>().SingleOrDefault() ?? onItsWay!)));
    }

    private static WithdrawalAnswer Answer(WithdrawalReleased released) =>
        new(released.WithdrawalId, released.Instrument, released.Quantity, released.Cash, released.At);
}
