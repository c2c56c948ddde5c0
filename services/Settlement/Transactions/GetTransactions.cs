using System.Collections.Immutable;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Transactions;

public static class GetTransactions
{
    /// <param name="Type">As requests name it.</param>
    /// <param name="Name">In English.</param>
    /// <param name="NameZh">In Chinese.</param>
    /// <param name="From">Account types that may send.</param>
    /// <param name="To">Account types that may receive.</param>
    /// <param name="ProposedBy">holder or official.</param>
    /// <param name="ApprovedBy">The second person: nobody, holder or official.</param>
    /// <param name="Recipients">any, trusted or untrusted.</param>
    /// <param name="DelayWorkingHours">Between the approval and the movement; null: none.</param>
    /// <param name="Reverses">Types of which it undoes one.</param>
    /// <param name="ReverseWithinDays">Days after the completion of the other within which it is undone; null: whenever.</param>
    public sealed record TypeAnswer(
        string Type, string Name, string NameZh, ImmutableArray<string> From, ImmutableArray<string> To, Proposer ProposedBy, Approver ApprovedBy,
        Recipients Recipients, int? DelayWorkingHours, ImmutableArray<string> Reverses, int? ReverseWithinDays);

    public static void Map(RouteGroupBuilder transactions)
    {
        transactions.MapGet("/types", Types)
            .WithName("get-transaction-types")
            .WithSummary("The types of transactions that may be proposed, as the policy pack in force has them")
            .Produces<IReadOnlyList<TypeAnswer>>();
        transactions.MapGet("/{transactionId:guid}", One)
            .WithName("get-transaction")
            .WithSummary("One transaction and how far it is")
            .WithDescription("Its sender sees it, its recipient once it is completed; regulator, operator and auditor see all. 404 unknown-transaction.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        transactions.MapGet("/", Many)
            .WithName("list-transactions")
            .WithSummary("Transactions in the order in which they began, surrenders included")
            .WithDescription(
                "A participant sees those it sends and those it has received; regulator, operator and auditor see all. A short moment behind the "
                + "ledger. after: the next of an earlier page. limit: 1-500, 100 unless said.")
            .Produces<Page<TransactionAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        transactions.MapGet("/waiting", Waiting)
            .ForThoseWhoMove()
            .WithName("list-waiting-transactions")
            .WithSummary("Transactions that wait for the caller's decision")
            .WithDescription(
                "Those that the caller may approve or refuse now, by id; a surrender of several kinds of units once, with its further parts. type: only "
                + "of that type. after: id of the last one seen. limit: 1-500, 100 unless said.")
            .Produces<Page<TransactionAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static IResult Types(string market, Ledgers ledgers, TimeProvider clock) => TypedResults.Ok(ledgers[market].Packs.InForce(clock.GetUtcNow())
        .Registry.TransactionTypes.Where(type => type.ProposedBy != Proposer.Platform)
        .Select(type => new TypeAnswer(
            type.Id, type.Name, type.NameZh, type.From, type.To, type.ProposedBy, type.ApprovedBy, type.Recipients, type.DelayWorkingHours,
            type.Reverses, type.ReverseWithinDays)).ToList());

    /// <param name="transactionId">Made by whoever proposed it.</param>
    internal static async Task<IResult> One(
        string market, Guid transactionId, HttpContext context, FindTransactions transactions, CancellationToken cancellationToken) =>
        await transactions.Find(market, transactionId, cancellationToken) is { } found
            && (context.User.SeesEverything() || found.IsFor(context.User.ParticipantId()))
            ? TypedResults.Ok(found)
            : FindTransactions.Unknown(transactionId);

    internal static async Task<IResult> Many(
        string market, HttpContext context, FindTransactions transactions, CancellationToken cancellationToken, long? after = null, int? limit = null)
    {
        var faults = Paging.Check(limit);
        faults.Require(after is null or >= 0, "after", "invalid-cursor", "The next of an earlier page.");
        if (faults.Any)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await transactions.After(
            market, after ?? 0, size + 1, context.User.SeesEverything() ? null : context.User.ParticipantId(), cancellationToken);
        var page = Paging.Of(found, size, view => view.Number);
        return TypedResults.Ok(new Page<TransactionAnswer>([.. page.Items.Select(view => view.Transaction)], page.Next));
    }

    /// <param name="type">Transactions of this type only, as the policy pack names it; left out: of all.</param>
    internal static async Task<IResult> Waiting(
        string market, HttpContext context, FindTransactions transactions, TimeProvider clock, CancellationToken cancellationToken,
        Guid? after = null, int? limit = null, string? type = null)
    {
        var faults = Paging.Check(limit);
        if (type is not null)
            faults.RequireName(type, "type");
        if (faults.Any)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await transactions.Waiting(
            market, type, after ?? Guid.Empty, size + 1, context.Person(), clock.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(Paging.Of(found, size, transaction => transaction.TransactionId));
    }
}
