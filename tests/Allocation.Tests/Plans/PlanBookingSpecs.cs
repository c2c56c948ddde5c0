using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;

namespace CarbonMarket.Allocation.Plans;

public sealed class PlanBookingSpecs
{
    private static readonly Guid Plan = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly Guid Mill = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Spec<PlanBooking?, NoteBooking, BookingNoted> Spec = new(() => null, PlanBooking.Decide, PlanBooking.After);

    [Fact]
    public void What_the_ledger_booked_is_noted() => Spec.Given().When(Note(7, 70)).Then(Noted(7, 70));

    [Fact]
    public void What_it_tells_again_counts_once() => Spec.Given(Noted(7, 70), Noted(9, 5)).When(Note(7, 70)).ThenNothing();

    [Fact]
    public void An_older_booking_that_comes_late_counts_as_well()
    {
        Spec.Given(Noted(9, 5)).When(Note(7, 70)).Then(Noted(7, 70));
        var line = PlanBooking.After(PlanBooking.After(null, Noted(9, 5)), Noted(7, 70));
        (line.Issued, line.LedgerVersion, line.At).ShouldBe((Quantity.Of(75), 9, Noon.AddMinutes(9)));
    }

    [Fact]
    public void A_line_stored_before_bookings_were_told_apart_still_loads()
    {
        const string Stored = """
            {"Id":"5b1b9e0c-6d1e-5c36-8f2c-000000000001","Market":"gansu","PlanId":"22222222-2222-4222-8222-222222222222",
             "ParticipantId":"11111111-1111-4111-8111-111111111111","Issued":70,"Deducted":0,"LedgerVersion":7,"At":"2026-03-01T12:07:00+00:00"}
            """;
        var line = PlanBooking.After(JsonSerializer.Deserialize<PlanBooking>(Stored), Noted(9, 5));
        (line.Issued, line.LedgerVersion).ShouldBe((Quantity.Of(75), 9));
    }

    private static NoteBooking Note(long version, long issued) =>
        new("gansu", Plan, Mill, Quantity.Of(issued), Quantity.Zero, version, Noon.AddMinutes(version));

    private static BookingNoted Noted(long version, long issued) =>
        new("gansu", Plan, Mill, Quantity.Of(issued), Quantity.Zero, version, Noon.AddMinutes(version));
}
