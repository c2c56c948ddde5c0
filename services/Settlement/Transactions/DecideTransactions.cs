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

    /// <param name="TakeOver">True: although another has claimed it.</param>
    public sealed record NewClaim(bool TakeOver = false);

    /// <param name="CommentId">Chosen by the caller; said again it changes nothing.</param>
    /// <param name="Text">Up to 2,000 characters.</param>
    public sealed record NewComment(Guid? CommentId = null, string? Text = null);

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
                + "holder-only, four-eyes, claimed-by-another.")
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
                "By another person than the one who proposed it. Its units move at once, or when its delay is over and nothing holds them. "
                + Unknown + "So is one that it undoes and that is not in the store yet. 422 in order of precedence: unknown-transaction, "
                + "already-approved, officials-only, holder-only, four-eyes, claimed-by-another, entity-not-of-original.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        transactions.MapPost("/{transactionId:guid}/rejection", Reject)
            .ForThoseWhoMove()
            .WithName("reject-transaction")
            .WithSummary("Refuse a transaction as the second person")
            .WithDescription(
                "Its units are free again. " + Unknown + "422 in order of precedence: unknown-transaction, already-approved, officials-only, "
                + "holder-only, four-eyes, claimed-by-another; 409 command-id-reused: you have refused it for another reason.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        transactions.MapPost("/{transactionId:guid}/withdrawal", Withdraw)
            .ForThoseWhoMove()
            .WithName("withdraw-transaction")
            .WithSummary("Take a transaction back before it is completed")
            .WithDescription(
                "By the side that proposed it, approved or not. Its units are free again. " + Unknown + "422 unknown-transaction, not-proposer; 409 "
                + "command-id-reused: you have taken it back for another reason.")
            .Produces<TransactionAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
    }

    internal static Task<IResult> Claim(
        string market, Guid transactionId, NewClaim asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken) => Execute(
        market, transactionId, $"claim:{asked.TakeOver}:{ledgers[market].Engine.Version}", context, ledgers, transactions,
        person => new ClaimTransaction(transactionId, asked.TakeOver, person, clock.GetUtcNow()), cancellationToken);

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

    internal static async Task<IResult> Approve(
        string market, Guid transactionId, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var reversed = (await transactions.Find(market, transactionId, cancellationToken))?.Reverses;
        var original = reversed is { } id ? (await transactions.Find(market, id, cancellationToken))?.Completed : null;
        return reversed is { } missing && original is null ? FindTransactions.Unknown(missing) : await Execute(
            market, transactionId, Approval, context, ledgers, transactions,
            person => new ApproveTransaction(transactionId, person, clock.GetUtcNow(), original), cancellationToken);
    }

    internal static Task<IResult> Reject(
        string market, Guid transactionId, NewReason asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken) => End(
        market, transactionId, Rejection, withdrawn: false, asked, context, ledgers, transactions, clock, cancellationToken);

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

    /// <summary>
    /// A word on a transaction that is not there is not decided, or its refusal would stand for ever; and one person's refused
    /// word must not answer for the next person's. Who decides while another has claimed it, and again once it is taken over, has said two
    /// words: the ledger lets go of what has ended and knows no repeat by itself, so that the claim tells them apart and not the moment.
    /// A claim may go to and fro while legal time stands, and the ledger knows its repeat: the place in the journal tells claims apart.
    /// </summary>
    private static async Task<IResult> Execute(
        string market, Guid transactionId, string what, HttpContext context, Ledgers ledgers, FindTransactions transactions,
        Func<Person, LedgerCommand> command, CancellationToken cancellationToken)
    {
        var person = context.Person();
        var before = await transactions.Find(market, transactionId, cancellationToken);
        if (before is null || !(person.IsOfficial || before.IsFor(person.ParticipantId)))
            return FindTransactions.Unknown(transactionId);
        var word = what is Approval or Rejection && before.ClaimedBy is { } claimant ? $"{what}:claimed:{claimant}" : what;
        var outcome = await ledgers[market].Execute(
            DeterministicGuid.From(transactionId, $"{word}:{person.Subject}"), command(person), context.Provenance(), cancellationToken);
        return outcome.ToHttp(accepted => TypedResults.Ok(accepted.Events.Aggregate(before, Told)));
    }

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
}
