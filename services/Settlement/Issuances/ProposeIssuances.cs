using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Issuances;

/// <param name="IssuanceId">Made by the official who proposed it; names the issuance.</param>
/// <param name="AccountId">Where the units arrive.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Vintage">Year of the units.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Status">proposed or issued.</param>
/// <param name="ProposedBy">Subject of the token of the official who proposed it.</param>
/// <param name="ApprovedBy">Subject of the other official's token; null while nobody has approved it.</param>
/// <param name="Block">The serials, once issued.</param>
public sealed record IssuanceView(Guid IssuanceId, Guid AccountId, string Instrument, ComplianceYear Vintage, Quantity Quantity,
    string Status, string ProposedBy, string? ApprovedBy, Block? Block)
{
    public static IssuanceView? Of(IssuanceProposal? proposal) => proposal is null ? null : new IssuanceView(
        proposal.IssuanceId, proposal.AccountId, proposal.Instrument, proposal.Vintage, proposal.Quantity,
        proposal.Issued is null ? "proposed" : "issued", proposal.ProposedBy, proposal.ApprovedBy, proposal.Issued);
}

public static class ProposeIssuances
{
    /// <param name="AccountId">Where the units will arrive: a trading account to be auctioned, or a holding account.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Vintage">Year of the units; null: the one the instrument stands for, or the legal year.</param>
    /// <param name="Quantity">Units.</param>
    public sealed record NewIssuance(Guid? AccountId = null, string? Instrument = null, int? Vintage = null, long? Quantity = null);

    public static void Map(RouteGroupBuilder issuances)
    {
        issuances.MapPut("/{issuanceId:guid}", Propose)
            .RequireAuthorization(Roles.Regulator)
            .WithName("propose-issuance")
            .WithSummary("Propose an issuance of units (配额签发)")
            .WithDescription(
                "Nothing is issued before another official approves. 422 in order of precedence: unknown-account, unknown-instrument, "
                + "wrong-vintage, transaction-not-allowed, account-may-not-receive. 409 command-id-reused, id-reused: the id stands for something else.")
            .Produces<IssuanceView>()
            .Changes();
        issuances.MapPost("/{issuanceId:guid}/approval", Approve)
            .RequireAuthorization(Roles.Regulator)
            .WithName("approve-issuance")
            .WithSummary("Approve an issuance; its units come into being")
            .WithDescription("By another official than the one who proposed it. 404 unknown-issuance; 422 in order of precedence: four-eyes, "
                + "already-approved, account-may-not-receive, cap-exceeded; once the last two are mended the same official approves again.")
            .Produces<IssuanceView>()
            .Changes();
        issuances.MapGet("/{issuanceId:guid}", Get)
            .ForOverseers()
            .WithName("get-issuance")
            .WithSummary("An issuance and how far it is")
            .Produces<IssuanceView>();
    }

    /// <param name="issuanceId">Made by the caller; names the issuance.</param>
    internal static async Task<IResult> Propose(
        string market, Guid issuanceId, NewIssuance asked, HttpContext context, Ledgers ledgers, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(issuanceId, "issuanceId");
        faults.RequireId(asked.AccountId, "$.accountId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequireVintage(asked.Vintage, "$.vintage");
        faults.RequireQuantity(asked.Quantity, "$.quantity");
        if (faults.Any)
            return faults.ToProblem();
        var command = new ProposeIssuance(
            issuanceId, asked.AccountId!.Value, asked.Instrument!, asked.Vintage is { } year ? ComplianceYear.Of(year) : null,
            Quantity.Of(asked.Quantity!.Value), context.Actor().Subject, clock.GetUtcNow());
        return await ledgers[market].Answer(context.CommandId(issuanceId), command, state => View(state, issuanceId), context, cancellationToken);
    }

    /// <param name="issuanceId">The issuance, as it was named when it was proposed.</param>
    internal static async Task<IResult> Approve(
        string market, Guid issuanceId, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (ledger, subject) = (ledgers[market], context.Actor().Subject);
        // An approval that comes before its proposal is not decided, or its refusal would stand for ever.
        if (await ledger.Read(state => View(state, issuanceId), cancellationToken) is null)
            return Unknown(market, issuanceId);
        // Neither one official's refused approval may answer for the next official's, nor an earlier one for this.
        return await ledger.Answer(ledger.IdOfWord(issuanceId, $"approval:{subject}"),
            new ApproveIssuance(issuanceId, subject, clock.GetUtcNow()), state => View(state, issuanceId), context, cancellationToken);
    }

    /// <param name="issuanceId">The issuance, as it was named when it was proposed.</param>
    internal static async Task<IResult> Get(string market, Guid issuanceId, Ledgers ledgers, CancellationToken cancellationToken) =>
        await ledgers[market].Read(state => View(state, issuanceId), cancellationToken) is { } found ? TypedResults.Ok(found) : Unknown(market, issuanceId);

    private static IssuanceView? View(LedgerState ledger, Guid issuanceId) => IssuanceView.Of(ledger.Issuances.Find(issuanceId));

    private static IResult Unknown(string market, Guid issuanceId) =>
        Problem.NotFound("unknown-issuance", $"There is no issuance {issuanceId} in {market}.");
}
