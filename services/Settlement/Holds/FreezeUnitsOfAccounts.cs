using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement.Holds;

public static class FreezeUnitsOfAccounts
{
    private const int LongestName = 200;

    /// <param name="AccountId">The account; null: wherever the serials lie.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Serials">Exactly these units.</param>
    /// <param name="Quantity">So many units of the account, the oldest first; null with an account and no serials: all that lie there now.</param>
    /// <param name="Kind">freeze or pledge.</param>
    /// <param name="Authority">Who ordered it.</param>
    /// <param name="Order">Number of the order, or of the pledge agreement.</param>
    public sealed record NewFreeze(
        Guid? AccountId = null, string? Instrument = null, PutTransaction.NewSerials? Serials = null, long? Quantity = null, string? Kind = null,
        string? Authority = null, string? Order = null);

    /// <param name="Authority">Who ordered it.</param>
    /// <param name="Order">Number of the order that lifts it.</param>
    public sealed record NewLift(string? Authority = null, string? Order = null);

    /// <param name="AccountId">The account they lie on.</param>
    /// <param name="Number">Of the account, with its check digits.</param>
    /// <param name="ParticipantId">The account's holder.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units held on the account by this freeze.</param>
    /// <param name="Blocks">The units themselves, by vintage and serial.</param>
    public sealed record FrozenPart(Guid AccountId, string Number, Guid ParticipantId, string Instrument, Quantity Quantity, Blocks Blocks);

    /// <param name="FreezeId">Made by the official who imposed it; names the freeze or pledge.</param>
    /// <param name="Parts">Where it holds something, by account; empty: nowhere any more.</param>
    public sealed record FreezeAnswer(Guid FreezeId, IReadOnlyList<FrozenPart> Parts);

    public static void Map(RouteGroupBuilder freezes)
    {
        freezes.MapPut("/{freezeId:guid}", Freeze)
            .RequireAuthorization(Roles.Regulator)
            .WithName("freeze-units")
            .WithSummary("Freeze units (司法冻结) or pledge them (质押)")
            .WithDescription(
                "They stay where they are until it is lifted, and Trading lets nobody offer those on a trading account; a transaction under way whose units are frozen waits. Freezes may lie on one another. 409 "
                + "command-id-reused, id-reused; 422 in order of precedence: unknown-instrument, nothing-named, unknown-account, nothing-to-freeze, "
                + "insufficient-units, too-many-holds.")
            .Produces<FreezeAnswer>()
            .Changes();
        freezes.MapPost("/{freezeId:guid}/lifting", Lift)
            .RequireAuthorization(Roles.Regulator)
            .WithName("lift-freeze")
            .WithSummary("Lift a freeze or a pledge wherever it holds something, as another official than imposed it")
            .WithDescription(
                "Sent again it is answered as the first time. 404 freeze-not-in-force: it was never imposed. 422 freeze-not-in-force: it holds nothing any more; "
                + "four-eyes: who asks has imposed it.")
            .Produces<FreezeAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        freezes.MapGet("/{freezeId:guid}", Get)
            .ForOverseers()
            .WithName("get-freeze")
            .WithSummary("Where a freeze holds what")
            .WithDescription("404 freeze-not-in-force: it was never imposed, or it is lifted.")
            .Produces<FreezeAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="freezeId">Made by the caller; names the freeze or pledge.</param>
    internal static async Task<IResult> Freeze(
        string market, Guid freezeId, NewFreeze asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(freezeId, "freezeId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequireSerials(asked.Serials, "$.serials");
        if (asked.Quantity is not null)
            faults.RequireQuantity(asked.Quantity, "$.quantity");
        faults.Require(asked.Serials is null || asked.Quantity is null, "$.serials", "said-twice", "Serials say how many units; quantity is left out with them.");
        faults.Require(asked.Kind is "freeze" or "pledge", "$.kind", "unknown-value", "freeze or pledge.");
        faults.RequireText(asked.Authority, LongestName, "$.authority");
        faults.RequireText(asked.Order, LongestName, "$.order");
        if (faults.Any)
            return faults.ToProblem();
        var (ledger, at) = (ledgers[market], clock.GetUtcNow());
        var command = new FreezeUnits(
            freezeId, asked.AccountId, asked.Instrument!, asked.Serials?.Block, asked.Quantity is { } quantity ? Quantity.Of(quantity) : null,
            asked.Kind == "pledge" ? HoldKind.Pledge : HoldKind.Freeze, new FreezeGround(asked.Authority!, asked.Order!), context.Person(), at);
        var answer = await ledger.Answer(context.CommandId(freezeId), command, state => View(state, freezeId), context, cancellationToken);
        await LedgerDuties.GoOn(ledger, at, cancellationToken);
        return answer;
    }

    /// <param name="freezeId">The freeze or pledge, as it was named when it was imposed.</param>
    internal static async Task<IResult> Lift(
        string market, Guid freezeId, NewLift asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(asked.Authority, LongestName, "$.authority");
        faults.RequireText(asked.Order, LongestName, "$.order");
        if (faults.Any)
            return faults.ToProblem();
        var (ledger, at) = (ledgers[market], clock.GetUtcNow());
        // Asked before there is anything to lift, it must not stand refused for ever. Once it was imposed it never comes back, and a
        // lifting whose answer was lost is known to the engine.
        if (!await ledger.Read(state => state.Receipts.Has(freezeId), cancellationToken))
            return Unknown(market, freezeId);
        var person = context.Person();
        var outcome = await ledger.Execute(
            DeterministicGuid.From(freezeId, $"lifting:{asked.Authority}:{asked.Order}:{person.Subject}"),
            new LiftFreeze(freezeId, new FreezeGround(asked.Authority!, asked.Order!), person, at), context.Provenance(), cancellationToken);
        await LedgerDuties.GoOn(ledger, at, cancellationToken);
        var answer = await ledger.Read(state => View(state, freezeId), cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(answer));
    }

    /// <param name="freezeId">The freeze or pledge, as it was named when it was imposed.</param>
    internal static async Task<IResult> Get(string market, Guid freezeId, Ledgers ledgers, CancellationToken cancellationToken) =>
        await ledgers[market].Read(state => View(state, freezeId), cancellationToken) is { Parts.Count: > 0 } found ? TypedResults.Ok(found) : Unknown(market, freezeId);

    private static FreezeAnswer View(LedgerState ledger, Guid freezeId) => new(freezeId, [
        .. from account in ledger.Freezes.AccountsOf(freezeId).Select(id => ledger.Accounts[id])
           let hold = account.Holds[freezeId]
           select new FrozenPart(account.Id, account.Number, account.ParticipantId, hold.Instrument, hold.Blocks.Quantity, hold.Blocks),
    ]);

    private static IResult Unknown(string market, Guid freezeId) =>
        Problem.NotFound("freeze-not-in-force", $"No freeze {freezeId} holds anything in {market}.");
}
