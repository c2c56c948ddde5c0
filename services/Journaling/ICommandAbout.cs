namespace CarbonMarket.Journaling;

/// <summary>A command about something that its caller has given an id: an order, a bid, a negotiation. A refusal names it.</summary>
public interface ICommandAbout
{
    Guid About { get; }
}
