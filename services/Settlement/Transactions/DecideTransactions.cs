using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>What the second person does with a transaction, and how its own side takes it back.</summary>
public static class DecideTransactions
{
    private const int LongestText = 2_000;
    private const string Approval = "approval";
    private const string Rejection = "rejection";

    /// <summary>Of every description here.</summary>
    private const string Unknown = "unknown-transaction is 404 where it is not there or not yours to see, 422 where it has ended or is not yours to decide. ";

    /// <summary>Of an approval.</summary>
    private const string Codes = "unknown-transaction, already-approved, officials-only, holder-only, four-eyes, part-of-surrender, claimed-by-another; of what is "
        + "surrendered: vintage-not-usable, amount-due-unknown, offset-limit-exceeded; entity-not-of-original.";

    /// <param name="TakeOver">True: although another has claimed it.</param>
    public sealed record NewClaim(bool TakeOver = false);

    /// <param name="CommentId">Chosen by the caller; said again it changes nothing.</param>
    /// <param name="Text">Up to 2,000 characters.</param>
    public sealed record NewComment(Guid? CommentId = null, string? Text = null);

    /// <param name="TransactionId">As the list of what waits has it; of a surrender of several kinds of units the first.</param>
    public sealed record NewApproval(Guid? TransactionId = null);

    /// <param name="Reason">Up to 2,000 characters.</param>
    public sealed record NewReason(string? Reason = null);

    public static void Map(RouteGroupBuilder transactions)
    {
        transactions.MapPost("/{transactionId:guid}/claim", Claim)
            .ForThoseWhoMove()
            .WithName("claim-transaction")
            .WithSummary("Take on the decision on a transaction")
            .WithDescription(
                "So that two do not work at one. " + Unknown + "422 in order of precedence: unknown-transaction, already-approved, officials-only, "
                + "holder-only, four-eyes, part-of-surrender, claimed-by-another.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        transactions.MapPost("/{transactionId:guid}/comments", Comment)
            .ForThoseWhoMove()
            .WithName("comment-transaction")
            .WithSummary("Leave a comment for those who decide")
            .WithDescription(Unknown + "422 unknown-transaction, too-many-comments.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        transactions.MapPost("/{transactionId:guid}/approval", Approve)
            .ForThoseWhoMove()
            .WithName("approve-transaction")
            .WithSummary("Approve a transaction (复核)")
            .WithDescription(
                "By another person than the one who proposed it, and by no official who acts for the entity concerned. Its units move at once, or when its "
                + "delay is over and nothing holds them; all parts of a surrender together, if they answer for its year by what holds then. "
                + Unknown + "So is one that it undoes and that is not in the store yet. 422 in order of precedence: " + Codes)
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        transactions.MapPost("/approvals/batch", ApproveMany)
            .ForThoseWhoMove()
            .WithName("approve-transactions")
            .WithSummary("Approve up to 500 transactions, such as surrenders after a deadline (批量审核)")
            .WithDescription(
                "Each is a decision of its own and answered as by itself; a repeat is accepted and changes nothing. Codes of a rejected item, in order of precedence: " + Codes)
            .Produces<BatchAnswer<BatchResult>>()
            .Changes();
        transactions.MapPost("/{transactionId:guid}/rejection", Reject)
            .ForThoseWhoMove()
            .WithName("reject-transaction")
            .WithSummary("Refuse a transaction as the second person")
            .WithDescription(
                "Its units are free again. What an official has approved is refused by an official only while something, such as a freeze, keeps it from "
                + "being completed. " + Unknown + "422 in order of precedence: unknown-transaction, already-approved, officials-only, "
                + "holder-only, four-eyes, part-of-surrender, claimed-by-another; 409 command-id-reused: you have refused it for another reason.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        transactions.MapPost("/{transactionId:guid}/withdrawal", Withdraw)
            .ForThoseWhoMove()
            .WithName("withdraw-transaction")
            .WithSummary("Take a transaction back before it is completed")
            .WithDescription(
                "By the side that proposed it, approved or not. Its units are free again. " + Unknown + "422 unknown-transaction, not-proposer, part-of-surrender; 409 "
                + "command-id-reused: you have taken it back for another reason.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
    }

    /// <param name="transactionId">Made by whoever proposed it.</param>
    internal static Task<IResult> Claim(
        string market, Guid transactionId, NewClaim asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken) => Execute(
        market, transactionId, $"claim:{asked.TakeOver}:{ledgers[market].Engine.Version}", context, ledgers, transactions,
        person => new ClaimTransaction(transactionId, asked.TakeOver, person, clock.GetUtcNow()), cancellationToken);

    /// <param name="transactionId">Made by whoever proposed it.</param>
    internal static Task<IResult> Comment(
        string market, Guid transactionId, NewComment asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(asked.CommentId, "$.commentId");
        faults.RequireText(asked.Text, LongestText, "$.text");
        return faults.Any ? Task.FromResult(faults.ToProblem()) : Execute(
            market, transactionId, $"comment:{asked.CommentId}", context, ledgers, transactions,
            person => new CommentTransaction(transactionId, asked.CommentId!.Value, asked.Text!, person, clock.GetUtcNow()), cancellationToken);
    }

    /// <param name="transactionId">Made by whoever proposed it; of a surrender of several kinds of units the first.</param>
    internal static async Task<IResult> Approve(
        string market, Guid transactionId, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var approval = await ApprovalOf(market, transactionId, context, transactions, clock, cancellationToken);
        if (approval.Before is not { } before)
            return FindTransactions.Unknown(approval.About);
        var outcome = await ledgers[market].Execute(approval.CommandId, approval.Command!, context.Provenance(), cancellationToken);
        return Answered(before, outcome);
    }

    internal static async Task<IResult> ApproveMany(
        string market, Batch<NewApproval> batch, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.TransactionId, (faults, item, path) => faults.RequireId(item.TransactionId, $"{path}.transactionId"));
        if (faults.Any)
            return faults.ToProblem();
        var approvals = await Task.WhenAll(batch.Items!.Select(item =>
            ApprovalOf(market, item.TransactionId!.Value, context, transactions, clock, cancellationToken)));
        var results = await Task.WhenAll(approvals.Zip(batch.Items!, async (approval, item) => approval.Command is { } command
            ? BatchResult.Of(item.TransactionId!.Value, await ledgers[market].Execute(approval.CommandId, command, context.Provenance(), cancellationToken))
            : new BatchResult(item.TransactionId!.Value, ItemOutcome.Rejected, FindTransactions.UnknownCode, FindTransactions.UnknownReason(approval.About))));
        return TypedResults.Ok(new BatchAnswer<BatchResult>(results));
    }

    /// <param name="transactionId">Made by whoever proposed it; of a surrender of several kinds of units the first.</param>
    internal static Task<IResult> Reject(
        string market, Guid transactionId, NewReason asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken) => End(
        market, transactionId, Rejection, withdrawn: false, asked, context, ledgers, transactions, clock, cancellationToken);

    /// <param name="transactionId">Made by whoever proposed it; of a surrender of several kinds of units the first.</param>
    internal static Task<IResult> Withdraw(
        string market, Guid transactionId, NewReason asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken) => End(
        market, transactionId, "withdrawal", withdrawn: true, asked, context, ledgers, transactions, clock, cancellationToken);

    private static Task<IResult> End(
        string market, Guid transactionId, string what, bool withdrawn, NewReason asked, HttpContext context, Ledgers ledgers,
        FindTransactions transactions, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(asked.Reason, LongestText, "$.reason");
        return faults.Any ? Task.FromResult(faults.ToProblem()) : Execute(
            market, transactionId, what, context, ledgers, transactions,
            person => new EndTransaction(transactionId, withdrawn, asked.Reason!, person, clock.GetUtcNow()), cancellationToken);
    }

    private static async Task<IResult> Execute(
        string market, Guid transactionId, string what, HttpContext context, Ledgers ledgers, FindTransactions transactions,
        Func<Person, LedgerCommand> command, CancellationToken cancellationToken)
    {
        var person = context.Person();
        if (await Seen(market, transactionId, person, transactions, cancellationToken) is not { } before)
            return FindTransactions.Unknown(transactionId);
        var outcome = await ledgers[market].Execute(
            IdOf(transactionId, what, before, person), command(person), context.Provenance(), cancellationToken);
        return Answered(before, outcome);
    }

    /// <summary>An approval ready to be said, by what its transaction is and what it undoes.</summary>
    private static async Task<PreparedApproval> ApprovalOf(
        string market, Guid transactionId, HttpContext context, FindTransactions transactions, TimeProvider clock, CancellationToken cancellationToken)
    {
        var person = context.Person();
        if (await Seen(market, transactionId, person, transactions, cancellationToken) is not { } before)
            return new PreparedApproval(null, transactionId, Guid.Empty, null);
        var original = before.Reverses is { } reversed ? (await transactions.Find(market, reversed, cancellationToken))?.Completed : null;
        if (before.Reverses is { } missing && original is null)
            return new PreparedApproval(null, missing, Guid.Empty, null);
        return new PreparedApproval(
            before, transactionId, IdOf(transactionId, Approval, before, person), new ApproveTransaction(transactionId, person, clock.GetUtcNow(), original));
    }

    /// <summary>Null: it is not there, or not for this person.</summary>
    private static async Task<TransactionAnswer?> Seen(
        string market, Guid transactionId, Person person, FindTransactions transactions, CancellationToken cancellationToken) =>
        await transactions.Find(market, transactionId, cancellationToken) is { } found && (person.IsOfficial || found.IsFor(person.ParticipantId)) ? found : null;

    /// <summary>
    /// A word on a transaction that is not there is not decided, or its refusal would stand for ever; and one person's refused
    /// word must not answer for the next person's. Who decides while another has claimed it, and again once it is taken over, has said two
    /// words: the ledger lets go of what has ended and knows no repeat by itself, so that the claim tells them apart and not the moment.
    /// A claim may go to and fro while legal time stands, and the ledger knows its repeat: the place in the journal tells claims apart.
    /// </summary>
    private static Guid IdOf(Guid transactionId, string what, TransactionAnswer before, Person person)
    {
        var word = what is Approval or Rejection && before.ClaimedBy is { } claimant ? $"{what}:claimed:{claimant}" : what;
        return DeterministicGuid.From(transactionId, $"{word}:{person.Subject}");
    }

    private static IResult Answered(TransactionAnswer before, Outcome<LedgerEvent> outcome) => outcome.ToHttp(accepted => TypedResults.Ok(
        accepted.Events.Aggregate(before, Told)));

    /// <summary>What the answer was before, and what has just become of it: the store learns it a moment later.</summary>
    private static TransactionAnswer Told(TransactionAnswer answer, LedgerEvent @event) => @event switch
    {
        TransactionClaimed claimed => answer with { ClaimedBy = claimed.By },
        TransactionApproved approved => answer with { Status = TransactionStatus.Approved, ApprovedBy = approved.By, NotBefore = approved.NotBefore },
        TransactionCompleted completed => answer with { Status = TransactionStatus.Completed, Ended = completed.At },
        TransactionEnded ended => answer with
        {
            Status = ended.Outcome == TransactionEnded.Rejected ? TransactionStatus.Rejected : TransactionStatus.Withdrawn,
            Ended = ended.At, EndedFor = ended.Reason,
        },
        _ => answer,
    };

    /// <param name="Before">Null: there is none that the caller may see.</param>
    /// <param name="About">The transaction, or the one that it undoes and that is not known.</param>
    private sealed record PreparedApproval(TransactionAnswer? Before, Guid About, Guid CommandId, ApproveTransaction? Command);
}
