using CarbonMarket.Trading.Controls;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

/// <summary>People who impose and lift controls, and what they say.</summary>
internal static class AControl
{
    public const string Ground = "an algorithm has gone wild";

    public static readonly ControlActor Operator = new("olga", Id("operator"), IsOperator: true, IsRegulator: false);
    public static readonly ControlActor OtherOperator = Operator with { Subject = "oleg" };
    public static readonly ControlActor Regulator = new("rosa", Id("regulator"), IsOperator: false, IsRegulator: true);
    public static readonly ControlActor AnnsTrader = new("ann-1", Ann, IsOperator: false, IsRegulator: false);
    public static readonly ControlActor AnnsOther = AnnsTrader with { Subject = "ann-2" };
    public static readonly ControlActor BobsTrader = new("bob-1", Bob, IsOperator: false, IsRegulator: false);

    public static ImposeControl Impose(
        ControlKind kind, Guid? participant = null, string? representative = null, string? instrument = null, long? amount = null,
        DateTimeOffset? endsAt = null, ControlActor? by = null, string id = "control", DateTimeOffset? at = null) =>
        new(Id(id), kind, participant, representative, instrument, amount, endsAt, Ground, kind == ControlKind.Freeze ? "court 1" : null,
            by ?? (kind == ControlKind.Freeze ? Regulator : Operator), at ?? Morning);

    public static ImposeControl Kill(
        Guid? participant = null, string? representative = null, string? instrument = null, ControlActor? by = null, string id = "control") =>
        Impose(ControlKind.KillSwitch, participant, representative, instrument, by: by, id: id);

    public static LiftControl Lift(ControlActor by, string id = "control", string lift = "lift", DateTimeOffset? at = null) =>
        new(Id(id), Id(lift), "mended", null, by, at ?? Morning);

    public static ConfirmLift Confirm(ControlActor by, string id = "control", string lift = "lift") => new(Id(id), Id(lift), by, Morning);

    public static ControlImposed Imposed(ImposeControl asked) => new(
        asked.ControlId, asked.Kind, asked.ParticipantId, asked.Representative, asked.Instrument, asked.Amount, asked.EndsAt,
        asked.Ground, asked.Authority, asked.By, asked.At);

    public static ControlLifted Lifted(ImposeControl asked, ControlActor? by, DateTimeOffset? at = null, string ground = "mended") =>
        new(asked.ControlId, asked.ParticipantId, ground, null, by, at ?? Morning);
}
