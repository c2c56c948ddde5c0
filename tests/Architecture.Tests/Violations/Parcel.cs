using CarbonMarket.Kernel;
using Marten;

namespace CarbonMarket.Architecture.Violations;

internal abstract record ParcelEvent
{
    public sealed record Sent(IReadOnlyList<Line> Lines) : ParcelEvent;

    public sealed record Returned(Guid SenderParticipantId) : ParcelEvent;

    public sealed record Found(Guid ParticipantId) : ParcelEvent;

    public sealed record Lost(string Where) : ParcelEvent;

    public sealed record Line(Guid SenderParticipantId);
}

/// <summary>Forgets to name one of its events, which forgets whom it concerns; gives two the same name, and one a careless name.</summary>
internal static class Parcel
{
    public static readonly (Type, string)[] Listed = [(typeof(ParcelEvent.Returned), "parcel.sent.v1"), (typeof(ParcelEvent.Found), "ParcelFound")];

    public static void Name(StoreOptions store) => store.Events.MapEventType<ParcelEvent.Sent>("parcel.sent.v1");

    public static Decision<ParcelEvent> Decide(string where) => Decision<ParcelEvent>.Accept(new ParcelEvent.Lost(where));
}
