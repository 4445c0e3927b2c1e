/** MessagePack as Camel data format, safe against any bytes. */
package org.llmroutes.msgpack;
