using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Issuances;

public static class SetCaps
{
    private const int LongestGround = 500;

    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Vintage">Year of the units.</param>
    /// <param name="Quantity">Units that may be issued in all.</param>
    /// <param name="Ground">The authority's decision that sets it; up to 500 characters.</param>
    public sealed record NewCap(string? Instrument = null, int? Vintage = null, long? Quantity = null, string? Ground = null);

    /// <param name="CapId">Made by the official who proposed it; names the cap.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Vintage">Year of the units.</param>
    /// <param name="Quantity">Units that may be issued in all.</param>
    /// <param name="Status">proposed, in-force or replaced.</param>
    /// <param name="Issued">Units of the instrument and vintage issued so far.</param>
    /// <param name="Ground">The authority's decision that sets it.</param>
    /// <param name="ProposedBy">Subject of the token of the official who proposed it.</param>
    /// <param name="ApprovedBy">Subject of the other official's token; null while nobody has approved it.</param>
    public sealed record CapView(
        Guid CapId, string Instrument, ComplianceYear Vintage, Quantity Quantity, Quantity Issued, string Status, string Ground, string ProposedBy,
        string? ApprovedBy);

    public static void Map(RouteGroupBuilder caps)
    {
        caps.MapPut("/{capId:guid}", Propose)
            .RequireAuthorization(Roles.Regulator)
            .WithName("propose-cap")
            .WithSummary("Propose the cap of an instrument and vintage (配额总量)")
            .WithDescription(
                "In force when another official approves; then nothing is issued beyond it. 409 command-id-reused, id-reused; 422 in order of precedence: "
                + "unknown-instrument, wrong-vintage, cap-below-issued.")
            .Produces<CapView>()
            .Changes();
        caps.MapPost("/{capId:guid}/approval", Approve)
            .RequireAuthorization(Roles.Regulator)
            .WithName("approve-cap")
            .WithSummary("Approve a cap; it replaces the one in force")
            .WithDescription("By another official than the one who proposed it. 404 unknown-cap; 422 already-approved, four-eyes, cap-below-issued.")
            .Produces<CapView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        caps.MapGet("/", Many)
            .ForOverseers()
            .WithName("get-caps")
            .WithSummary("Caps and what is issued under them, by id")
            .WithDescription("after: id of the last one seen. limit: 1-500, 100 unless said.")
            .Produces<Page<CapView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="capId">Made by the caller; names the cap.</param>
    internal static async Task<IResult> Propose(
        string market, Guid capId, NewCap asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(capId, "capId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.Require(asked.Vintage is { } vintage && ComplianceYear.IsValid(vintage), "$.vintage", "invalid-year", "A year.");
        faults.RequireQuantity(asked.Quantity, "$.quantity");
        faults.RequireText(asked.Ground, LongestGround, "$.ground");
        if (faults.Any)
            return faults.ToProblem();
        var command = new ProposeCap(
            capId, asked.Instrument!, ComplianceYear.Of(asked.Vintage!.Value), Quantity.Of(asked.Quantity!.Value), asked.Ground!, context.Person(), clock.GetUtcNow());
        return await ledgers[market].Answer(context.CommandId(capId), command, state => View(state, capId), context, cancellationToken);
    }

    /// <param name="capId">The cap, as it was named when it was proposed.</param>
    internal static async Task<IResult> Approve(
        string market, Guid capId, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (ledger, person, at) = (ledgers[market], context.Person(), clock.GetUtcNow());
        // An approval that comes before its proposal is not decided, or its refusal would stand for ever.
        if (await ledger.Read(state => View(state, capId), cancellationToken) is null)
            return Problem.NotFound("unknown-cap", $"There is no cap {capId} in {market}.");
        var answer = await ledger.Answer(
            DeterministicGuid.From(capId, $"approval:{person.Subject}"), new ApproveCap(capId, person, at), state => View(state, capId), context, cancellationToken);
        await LedgerDuties.GoOn(ledger, at, cancellationToken);
        return answer;
    }

    internal static async Task<IResult> Many(
        string market, Ledgers ledgers, CancellationToken cancellationToken, Guid? after = null, int? limit = null) =>
        Paging.Check(limit) is { Any: true } faults
            ? faults.ToProblem()
            : TypedResults.Ok(await ledgers[market].Read(
                ledger => Paging.Of(
                    ledger.Caps.All.Values.Where(cap => cap.CapId.CompareTo(after ?? Guid.Empty) > 0).Take((limit ?? Paging.Usual) + 1)
                        .Select(cap => ViewOf(ledger, cap)).ToImmutableArray(),
                    limit, cap => cap.CapId),
                cancellationToken));

    private static CapView? View(LedgerState ledger, Guid capId) => ledger.Caps.All.TryGetValue(capId, out var cap) ? ViewOf(ledger, cap) : null;

    private static CapView ViewOf(LedgerState ledger, IssuanceCap cap) => new(
        cap.CapId, cap.Instrument, cap.Vintage, cap.Quantity, Quantity.Of(ledger.Serials.Next(cap.Instrument, cap.Vintage, Quantity.Zero).Last),
        cap.ApprovedBy is null ? "proposed" : ledger.Caps.InForce(cap.Instrument, cap.Vintage)?.CapId == cap.CapId ? "in-force" : "replaced",
        cap.Ground, cap.ProposedBy, cap.ApprovedBy);
}
