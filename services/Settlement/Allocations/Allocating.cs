using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Allocations;

/// <param name="InTrust">Onto the province's account (省级账户), not the participant's own.</param>
public sealed record AllocationLine(Guid ParticipantId, Quantity Quantity, bool InTrust = false);

/// <param name="Year">Vintage of the units, unless the instrument stands for another.</param>
/// <param name="FromLine">Number of the first of these lines within the plan, from 0.</param>
public sealed record AllocateUnits(Guid PlanId, ComplianceYear Year, string Instrument, int FromLine,
    ImmutableArray<AllocationLine> Lines, DateTimeOffset At) : LedgerCommand(At);

/// <summary>A line that waited for its account can be issued now.</summary>
public sealed record DeliverAllocation(Guid PlanId, int Line, DateTimeOffset At) : LedgerCommand(At);

public sealed record UnitsAllocated(Guid PlanId, int Line, Guid AccountId, Guid ParticipantId, string Instrument,
    Block Block, DateTimeOffset At) : LedgerEvent(At);

/// <summary>The plan gives units to a participant that has no account for them; they are issued when it opens one.</summary>
public sealed record AllocationNotDeliverable(Guid PlanId, int Line, Guid ParticipantId, string Instrument,
    ComplianceYear Vintage, Quantity Quantity, string Code, DateTimeOffset At, bool InTrust = false) : LedgerEvent(At);

/// <inheritdoc cref="AllocationLine"/>
public sealed record WaitingLine(
    Guid PlanId, int Line, Guid ParticipantId, string Instrument, ComplianceYear Vintage, Quantity Quantity, bool InTrust = false);

/// <summary>Which lines of which plans are issued, and which wait for an account.</summary>
public sealed class AllocationDesk
{
    private readonly SortedDictionary<Guid, SerialRanges> _issued = [];
    private readonly SortedDictionary<(Guid PlanId, int Line), WaitingLine> _waiting = [];
    private readonly SortedDictionary<(Guid PlanId, int Line), WaitingLine> _withAccount = [];
    private readonly Dictionary<Guid, List<WaitingLine>> _withoutAccount = [];

    public IEnumerable<KeyValuePair<Guid, SerialRanges>> Issued => _issued;

    public IReadOnlyCollection<WaitingLine> Waiting => _waiting.Values;

    /// <summary>
    /// Those whose participant has an account: something else stands against them, which may end at any time. The others are looked
    /// at when the account opens, and not before.
    /// </summary>
    public IReadOnlyCollection<WaitingLine> WithAccount => _withAccount.Values;

    public bool IsIssued(Guid planId, int line) => _issued.TryGetValue(planId, out var lines) && lines.Contains(line);

    public WaitingLine? WaitingAt(Guid planId, int line) => _waiting.GetValueOrDefault((planId, line));

    public IEnumerable<WaitingLine> WaitingOf(Guid participantId, string instrument, ComplianceYear vintage) =>
        _waiting.Values.Where(line => line.ParticipantId == participantId && line.Instrument == instrument && line.Vintage == vintage);

    /// <summary>A waiting line is to give fewer units than it was; with none left it is done.</summary>
    public void Lower(WaitingLine line)
    {
        if (WaitingAt(line.PlanId, line.Line) is not { } before)
            return;
        if (line.Quantity.IsZero)
        {
            NoteIssued(line.PlanId, line.Line, line.Line);
            return;
        }
        var hasAccount = _withAccount.ContainsKey((line.PlanId, line.Line));
        _waiting.Remove((line.PlanId, line.Line));
        _withAccount.Remove((line.PlanId, line.Line));
        _withoutAccount.GetValueOrDefault(line.ParticipantId)?.Remove(before);
        Wait(line, hasAccount);
    }

    /// <param name="hasAccount">It does not wait for one.</param>
    public void Wait(WaitingLine line, bool hasAccount)
    {
        _waiting.Add((line.PlanId, line.Line), line);
        if (hasAccount)
        {
            _withAccount.Add((line.PlanId, line.Line), line);
            return;
        }
        if (!_withoutAccount.TryGetValue(line.ParticipantId, out var lines))
            _withoutAccount.Add(line.ParticipantId, lines = []);
        lines.Add(line);
    }

    /// <summary>The participant has an account from now on.</summary>
    public void AccountOpened(Guid participantId)
    {
        // A line may have been issued since to somebody else: the plan's last word on it counts.
        foreach (var line in _withoutAccount.Remove(participantId, out var lines) ? lines : [])
            if (WaitingAt(line.PlanId, line.Line) == line)
                _withAccount.Add((line.PlanId, line.Line), line);
    }

    public void NoteIssued(Guid planId, long firstLine, long lastLine)
    {
        if (!_issued.TryGetValue(planId, out var lines))
            _issued.Add(planId, lines = new SerialRanges());
        lines.Add(firstLine, lastLine);
        for (var line = firstLine; line <= lastLine; line++)
        {
            _waiting.Remove((planId, (int)line));
            _withAccount.Remove((planId, (int)line));
        }
    }
}

/// <summary>Issues an approved allocation plan (配额分配) line by line onto the participants' holding accounts.</summary>
public static class Allocating
{
    public const string NoAccount = "no-operator-holding-account";

    public static Decision<LedgerEvent> Decide(LedgerState ledger, AllocateUnits c)
    {
        if (!ledger.Rules.At(c.At).IsInstrument(c.Instrument))
            return Refusals.UnknownInstrument(c.Instrument);
        if (!ledger.Rules.At(c.At).Allows(TransactionTypes.Allocation, AccountTypes.Issuance, AccountTypes.OperatorHolding))
            return Refusals.NotAllowed(TransactionTypes.Allocation, AccountTypes.Issuance, AccountTypes.OperatorHolding);
        if (ledger.Rules.At(c.At).AllocatedInTrust is null && c.Lines.Any(line => line.InTrust))
            return Reject("no-account-in-trust", $"{ledger.Rules.Market} has no account of the authority onto which allowances of entities at risk are issued.");
        var vintage = ledger.Rules.At(c.At).VintageOf(c.Instrument) ?? c.Year;
        var next = ledger.Serials.Next(c.Instrument, vintage, Quantity.Zero).First;
        var events = ImmutableArray.CreateBuilder<LedgerEvent>();
        var deductions = new Deducting.Draft(ledger);
        for (var i = 0; i < c.Lines.Length; i++)
        {
            var line = new WaitingLine(c.PlanId, c.FromLine + i, c.Lines[i].ParticipantId, c.Instrument, vintage, c.Lines[i].Quantity, c.Lines[i].InTrust);
            if (line.Quantity.IsZero || ledger.Allocations.IsIssued(line.PlanId, line.Line))
                continue;
            // It may have been lowered while it waited.
            if (ledger.Allocations.WaitingAt(line.PlanId, line.Line) is { } waiting && waiting.ParticipantId == line.ParticipantId)
                line = line with { Quantity = Quantity.Min(line.Quantity, waiting.Quantity) };
            if (Allocated(ledger, line, next, deductions, c.At) is { IsEmpty: false } allocated)
            {
                events.AddRange(allocated);
                next = allocated.OfType<UnitsAllocated>().LastOrDefault()?.Block.Last + 1 ?? next;
            }
            else if (ledger.Allocations.WaitingAt(line.PlanId, line.Line) is null)
                events.Add(new AllocationNotDeliverable(line.PlanId, line.Line, line.ParticipantId, line.Instrument,
                    line.Vintage, line.Quantity, ObstacleTo(ledger, line, next, c.At)!, c.At, line.InTrust));
        }
        return Accept(events.DrainToImmutable());
    }

    public static Decision<LedgerEvent> Decide(LedgerState ledger, DeliverAllocation c) =>
        ledger.Allocations.WaitingAt(c.PlanId, c.Line) is { } line
            ? Accept(Allocated(ledger, line, ledger.Serials.Next(line.Instrument, line.Vintage, Quantity.Zero).First, new Deducting.Draft(ledger), c.At))
            : Accept();

    public static void Evolve(LedgerState ledger, UnitsAllocated e)
    {
        ledger.Issue(e.AccountId, e.Instrument, e.Block);
        ledger.Allocations.NoteIssued(e.PlanId, e.Line, e.Line);
        ledger.Debts.Allocated(e.ParticipantId, e.Instrument, e.Block.Vintage, e.Block.Quantity);
    }

    public static void Evolve(LedgerState ledger, AllocationNotDeliverable e) => Wait(
        ledger, new WaitingLine(e.PlanId, e.Line, e.ParticipantId, e.Instrument, e.Vintage, e.Quantity, e.InTrust));

    internal static void Wait(LedgerState ledger, WaitingLine line) => ledger.Allocations.Wait(
        line, line.InTrust || ledger.Accounts.Of(line.ParticipantId, AccountTypes.OperatorHolding) is not null);

    /// <summary>Waiting lines that nothing stands against any more, those before them delivered.</summary>
    public static IEnumerable<WaitingLine> Deliverable(LedgerState ledger, DateTimeOffset at)
    {
        var next = new Dictionary<(string Instrument, ComplianceYear Vintage), long>();
        foreach (var line in ledger.Allocations.WithAccount)
        {
            var series = (line.Instrument, line.Vintage);
            if (!next.TryGetValue(series, out var first))
                next.Add(series, first = ledger.Serials.Next(line.Instrument, line.Vintage, Quantity.Zero).First);
            if (ObstacleTo(ledger, line, first, at) is not null)
                continue;
            next[series] = BlockOf(line, first).Last + 1;
            yield return line;
        }
    }

    /// <summary>Empty: something stands against it.</summary>
    private static ImmutableArray<LedgerEvent> Allocated(LedgerState ledger, WaitingLine line, long first, Deducting.Draft deductions, DateTimeOffset at)
    {
        if (ObstacleTo(ledger, line, first, at) is not null)
            return [];
        var account = AccountFor(ledger, line, at)!;
        var parts = ledger.Rules.At(at).Answers(line.Instrument) ? deductions.Take(line.ParticipantId, line.Quantity) : [];
        var issued = parts.Aggregate(line.Quantity, (left, part) => left - part.Quantity);
        var events = ImmutableArray.CreateBuilder<LedgerEvent>();
        if (!parts.IsEmpty)
            events.Add(new AllocationDeducted(line.PlanId, line.Line, line.ParticipantId, line.Instrument, line.Vintage, line.Quantity, line.Quantity - issued, parts, at));
        if (!issued.IsZero)
            events.Add(new UnitsAllocated(line.PlanId, line.Line, account.Id, line.ParticipantId, line.Instrument, BlockOf(line with { Quantity = issued }, first), at));
        return events.DrainToImmutable();
    }

    // Arms stand in order of precedence; the specs pin that order.
    private static string? ObstacleTo(LedgerState ledger, WaitingLine line, long first, DateTimeOffset at) =>
        AccountFor(ledger, line, at) switch
        {
            null => NoAccount,
            { } account when ChangingStatus.Refusal(ledger, TransactionTypes.Allocation, null, account, at) is { } stopped => stopped.Code,
            _ when !ledger.Caps.Allows(line.Instrument, BlockOf(line, first)) => "cap-exceeded",
            _ => null,
        };

    private static Account? AccountFor(LedgerState ledger, WaitingLine line, DateTimeOffset at) => line.InTrust
        ? ledger.Rules.At(at).AllocatedInTrust is { } type ? ledger.Accounts.Find(ledger.Accounts.AuthorityId(type)) : null
        : ledger.Accounts.Of(line.ParticipantId, AccountTypes.OperatorHolding);

    private static Block BlockOf(WaitingLine line, long first) => new(line.Vintage, first, checked(first + line.Quantity.Value - 1));
}
