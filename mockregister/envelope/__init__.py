"""Bytes to a submission, and back: multipart and XOP, SOAP 1.1 and 1.2, the Danish headers, ITI-41, the WSDL.

A request is read in this order, and each of these modules imports only earlier ones: ``mime`` splits the package, ``soap`` opens
the envelope, ``dgws`` reads the Danish headers, ``xdr`` finds the documents and their author. Answers are written in reverse.
"""
