using System.Text.Json.Serialization;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Controls;

/// <summary>What is done to bring trading to a stand, the most drastic first: where several stand in the way, that one is named.</summary>
public enum ControlKind
{
    /// <summary>Pulls the open orders of its scope and lets no new ones in (紧急停止). Two people lift it.</summary>
    KillSwitch,

    /// <summary>A participant does not trade (暂停交易资格); its open orders are pulled. Two people lift it.</summary>
    ParticipantSuspension,

    /// <summary>An instrument does not trade (停牌) until it is resumed; its orders stay in the book.</summary>
    InstrumentSuspension,

    /// <summary>An instrument or the market pauses (临时停市), often until a moment; orders stay in the book.</summary>
    Halt,

    /// <summary>Units or cash of a participant are frozen by a court or another authority (司法冻结).</summary>
    Freeze,
}

/// <summary>Whom a control concerns; nothing named: the whole market.</summary>
/// <param name="Representative">The subject of the tokens by which somebody acts for the participant.</param>
public readonly record struct ControlScope(Guid? ParticipantId, string? Representative, string? Instrument)
{
    public override string ToString() =>
        Representative is not null ? $"representative {Representative} of participant {ParticipantId}"
        : ParticipantId is not null ? $"participant {ParticipantId}"
        : Instrument is not null ? $"instrument {Instrument}"
        : "the market";
}

/// <summary>Who imposes or lifts a control: by this it is known whether two are two.</summary>
/// <param name="ParticipantId">The organisation acted for; empty: none.</param>
public sealed record ControlActor(string Subject, Guid ParticipantId, bool IsOperator, bool IsRegulator)
{
    [JsonIgnore]
    public bool IsOfficial => IsOperator || IsRegulator;
}

/// <summary>A control is in force. Of a freeze the instrument says which units; null: cash.</summary>
/// <param name="Amount">Units or minor units that are frozen; null: all there are, and all that come.</param>
/// <param name="EndsAt">When a halt ends by itself; null: when somebody lifts it.</param>
/// <param name="Ground">Why, in words.</param>
/// <param name="Authority">Whose order it is, as the court and the number of its notice.</param>
/// <param name="By">Null: the market itself, after a run of prices outside the band.</param>
public sealed record ControlImposed(
    Guid ControlId, ControlKind Kind, Guid? ParticipantId, string? Representative, string? Instrument, long? Amount,
    DateTimeOffset? EndsAt, string Ground, string? Authority, ControlActor? By, DateTimeOffset At) : MarketEvent(At)
{
    [JsonIgnore]
    public ControlScope Scope => new(ParticipantId, Representative, Instrument);

    /// <summary>A participant's own switch, thrown by itself.</summary>
    [JsonIgnore]
    public bool IsOwn => By is { IsOfficial: false };
}

/// <summary>One of two has asked for the control to be lifted; it is in force until another confirms.</summary>
public sealed record LiftAsked(
    Guid ControlId, Guid LiftId, Guid? ParticipantId, string Ground, string? Authority, ControlActor By, DateTimeOffset At) : MarketEvent(At);

/// <summary>The control is in force no more.</summary>
/// <param name="By">Who lifted it, or confirmed; null: its time was over.</param>
public sealed record ControlLifted(
    Guid ControlId, Guid? ParticipantId, string Ground, string? Authority, ControlActor? By, DateTimeOffset At) : MarketEvent(At);

/// <summary>A control in force, and who has asked for it to be lifted.</summary>
public sealed record Control(ControlImposed Imposed, LiftAsked? Lift);
