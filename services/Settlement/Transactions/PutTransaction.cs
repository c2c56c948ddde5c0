using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Transactions;

public static class PutTransaction
{
    private const int LongestGround = 500;

    /// <param name="Type">As the policy pack names it: GET /transactions/types lists them.</param>
    /// <param name="FromAccountId">Where the units leave.</param>
    /// <param name="ToAccountId">Where they arrive.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units, the oldest vintages first; left out where serials or the reversed transaction say it.</param>
    /// <param name="Vintage">Only units of this year; null: any. Left out where serials or the reversed transaction say it.</param>
    /// <param name="Serials">Exactly these units; beside a reversed transaction, a part of what it moved.</param>
    /// <param name="OnBehalfOf">The participant whose obligation a surrender answers for, where it is another's; of what undoes one it is left out, or the same; of all else it is left out.</param>
    /// <param name="Reverses">The transaction that it undoes; its units go back to where they came from.</param>
    /// <param name="Ground">Why, and by which rule or ruling; up to 500 characters. Officials always give one.</param>
    /// <param name="Year">The compliance year a surrender answers for; null: the one whose deadline comes next. Of all else it is left out.</param>
    public sealed record NewTransaction(
        string? Type = null, Guid? FromAccountId = null, Guid? ToAccountId = null, string? Instrument = null, long? Quantity = null, int? Vintage = null,
        NewSerials? Serials = null, Guid? OnBehalfOf = null, Guid? Reverses = null, string? Ground = null, int? Year = null);

    /// <summary>Consecutive serials of one vintage, both ends included.</summary>
    /// <param name="Vintage">Year of the units.</param>
    /// <param name="First">Serial of the first unit.</param>
    /// <param name="Last">Serial of the last unit, itself included.</param>
    public sealed record NewSerials(int? Vintage = null, long? First = null, long? Last = null)
    {
        internal Block Block => new(ComplianceYear.Of(Vintage!.Value), First!.Value, Last!.Value);
    }

    /// <param name="TransactionId">Made by the caller; names the transaction.</param>
    /// <param name="Status">How far it is now.</param>
    public sealed record Proposed(Guid TransactionId, TransactionStatus Status);

    public static void Map(RouteGroupBuilder transactions) => transactions.MapPut("/{transactionId:guid}", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Emitter, Roles.Trader, Roles.Regulator))
        .WithName("propose-transaction")
        .WithSummary("Propose a transaction of the registry (登记业务)")
        .WithDescription(
            "The policy pack says for each type who may send and receive, who approves, and how long it waits; its units are held meanwhile. By a "
            + "type that moves what is frozen, what the holder has under way with the same serials is ended, unless an official has approved it. In "
            + "order of precedence: 409 command-id-reused; 422 unknown-transaction-type, officials-only, unknown-account (from); 403 account-not-yours; "
            + "409 id-reused; 422 unknown-account (to), unknown-instrument, transaction-not-allowed, recipient-not-yours, recipient-is-sender, "
            + "recipient-not-trusted, recipient-trusted, account-may-not-send, account-may-not-receive, ground-missing, too-many-pending, reverses-nothing, "
            + "original-missing, not-reversible, reversal-too-late, reversal-elsewhere, entity-not-of-original, not-of-original, answers-for-nobody; of what is surrendered: "
            + "entity-missing, entity-not-covered, wrong-unit, not-by-year, vintage-not-usable, own-year-first, amount-due-unknown, offset-limit-exceeded; units-not-free, insufficient-units. 404 unknown-transaction: "
            + "what it reverses is not known, or not completed, or not in the store yet.")
        .Produces<Proposed>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .Changes();

    /// <param name="transactionId">Made by the caller; names the transaction.</param>
    internal static async Task<IResult> Handle(
        string market, Guid transactionId, NewTransaction asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Faults(transactionId, asked) is { Any: true } faults)
            return faults.ToProblem();
        var original = asked.Reverses is { } reversed ? (await transactions.Find(market, reversed, cancellationToken))?.Completed : null;
        if (asked.Reverses is { } missing && original is null)
            return FindTransactions.Unknown(missing);
        var command = new ProposeTransaction(
            transactionId, asked.Type!, asked.FromAccountId!.Value, asked.ToAccountId!.Value, asked.Instrument!, Quantity.Of(asked.Quantity ?? 0),
            asked.Vintage is { } year ? ComplianceYear.Of(year) : null,
            asked.Serials?.Block, asked.OnBehalfOf, original, asked.Ground, context.Person(), clock.GetUtcNow())
        {
            Year = asked.Year is { } answered ? ComplianceYear.Of(answered) : null,
        };
        var outcome = await ledgers[market].Execute(context.CommandId(transactionId), command, context.Provenance(), cancellationToken);
        return outcome.ToHttp(accepted => TypedResults.Ok(new Proposed(transactionId, StatusAfter(accepted))));
    }

    private static TransactionStatus StatusAfter(Outcome<LedgerEvent>.Accepted accepted) =>
        accepted.Events.Any(e => e is TransactionCompleted) ? TransactionStatus.Completed
        : accepted.Events.Any(e => e is TransactionApproved) ? TransactionStatus.Approved
        : TransactionStatus.Proposed;

    private static Faults Faults(Guid transactionId, NewTransaction asked)
    {
        var faults = new Faults();
        faults.RequireId(transactionId, "transactionId");
        faults.RequireName(asked.Type, "$.type");
        faults.RequireId(asked.FromAccountId, "$.fromAccountId");
        faults.RequireId(asked.ToAccountId, "$.toAccountId");
        faults.RequireName(asked.Instrument, "$.instrument");
        if (asked is { Serials: null, Reverses: null } || asked.Quantity is not null)
            faults.RequireQuantity(asked.Quantity, "$.quantity");
        faults.RequireVintage(asked.Vintage, "$.vintage");
        faults.RequireVintage(asked.Year, "$.year");
        faults.RequireSerials(asked.Serials, "$.serials");
        faults.Require(asked.Serials is null || asked is { Quantity: null, Vintage: null }, "$.serials", "said-twice",
            "Serials say which units and how many; quantity and vintage are left out with them.");
        faults.Require(asked.Reverses is null || asked is { Quantity: null, Vintage: null }, "$.reverses", "said-twice",
            "What it undoes says which units and how many; quantity and vintage are left out with it, and serials name a part.");
        if (asked.Ground is not null)
            faults.RequireText(asked.Ground, LongestGround, "$.ground");
        return faults;
    }
}
