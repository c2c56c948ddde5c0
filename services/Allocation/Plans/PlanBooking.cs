using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.Plans.BookingNoted>;

namespace CarbonMarket.Allocation.Plans;

/// <summary>The ledger has issued units of a plan to a participant, or kept them back.</summary>
/// <param name="LedgerVersion">Of the market's ledger: each is booked once.</param>
public sealed record NoteBooking(string Market, Guid PlanId, Guid ParticipantId, Quantity Issued, Quantity Deducted, long LedgerVersion, DateTimeOffset At);

/// <summary>Stored for ever: change only by adding.</summary>
public sealed record BookingNoted(string Market, Guid PlanId, Guid ParticipantId, Quantity Issued, Quantity Deducted, long LedgerVersion, DateTimeOffset At);

/// <summary>
/// What became of a participant's line of a plan in the ledger, which alone keeps deductions (核减): plans are gross, and what of them
/// was kept back is seen here.
/// </summary>
/// <param name="LedgerVersion">Of the newest booking, of which <paramref name="At"/> is the time.</param>
public sealed record PlanBooking(Guid Id, string Market, Guid PlanId, Guid ParticipantId, Quantity Issued, Quantity Deducted, long LedgerVersion, DateTimeOffset At)
{
    /// <summary>
    /// Ledger versions that have been counted: few, for a line is mostly booked in one or two steps. Decisions fold them from the
    /// events; documents, of which the oldest could not have them, are only read.
    /// </summary>
    [JsonIgnore]
    public ImmutableSortedSet<long> Counted { get; init; } = [];

    public static Guid StreamId(Guid planId, Guid participantId) => DeterministicGuid.From(planId, $"allocation:booking:{participantId}");

    /// <summary>The ledger tells perhaps again, and what had to be repeated comes after what is newer.</summary>
    public static Decision<BookingNoted> Decide(PlanBooking? known, NoteBooking c) => known?.Counted.Contains(c.LedgerVersion) is true
        ? Accept(ImmutableArray<BookingNoted>.Empty)
        : Accept(new BookingNoted(c.Market, c.PlanId, c.ParticipantId, c.Issued, c.Deducted, c.LedgerVersion, c.At));

    public static PlanBooking After(PlanBooking? known, BookingNoted e) => new(
        StreamId(e.PlanId, e.ParticipantId), e.Market, e.PlanId, e.ParticipantId, (known?.Issued ?? Quantity.Zero) + e.Issued,
        (known?.Deducted ?? Quantity.Zero) + e.Deducted, Math.Max(known?.LedgerVersion ?? 0, e.LedgerVersion),
        known?.LedgerVersion > e.LedgerVersion ? known.At : e.At)
    {
        Counted = (known?.Counted ?? []).Add(e.LedgerVersion),
    };
}
